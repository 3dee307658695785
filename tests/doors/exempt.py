"""What is public and has no row, with the reason: records that the library makes, and methods inside."""

RESULT = "holds what the library computed; a reader reads it and makes none"
CHECKED = "called by the library, with what a door has checked"
NOTHING = "takes no argument"


def because(names, reason):
    """Name -> reason."""
    return dict.fromkeys(names.split(), reason)


RECORDS = because(
    """
    Batch BackwardTrace Climb Contest Corpus DateFormat Dates Digits Diverged Entry Experiment Forest Forward
    GradientFlow GradientReport History LabelledSentences LabelledSet Ladder LayerTrace Memo NameScores Names Nested OnnxOperator
    Occlusion Pages Pairs Phrases Picture Race ReadingReport Reading Recall Result Row Run Runs Score Sentences
    SentimentResult Sunspots Suspect TaggedSentences TaggedSet Trace Trained Vowels WordVectors Written WrittenDates
    Answer Examples
    """,
    RESULT,
)

INSIDE = (
    because(
        """
        Cell Layer Model Optimizer Parametric Layer.forward Layer.backward Model.batch
        """,
        "has no use of its own; its kinds have their rows",
    )
    | because(
        """
        Bidirectional.parts Embedding.own Embedding.saved EncoderDecoder.parts GRUCell.own LSTMCell.own OneToMany.parts
        Stacked.parts Parametric.own Parametric.saved Parametric.parts Parametric.refuse_shared Parametric.vector
        Cell.own Model.parts EarlyStopping.begin
        """,
        NOTHING,
    )
    | because(
        """
        RNNCell.forward RNNCell.backward LSTMCell.forward LSTMCell.backward LSTMCell.look LSTMCell.gradients
        GRUCell.forward GRUCell.backward GRUCell.gradients Cell.forward Cell.backward Cell.split Cell.gradients
        Cell.pack Cell.unpack
        """,
        "one step as the equations read, run once for every step of every sequence: `step` and `Recurrent` check",
    )
    | because(
        """
        Layer.check Layer.check_state Layer.check_back Stacked.check Embedding.check Dropout.check TreeRNN.check
        Dense.check Bidirectional.check_state Stacked.check_state Recurrent.check_state Model.check_inputs
        EncoderDecoder.check_inputs OneToMany.check_inputs Model.targets
        """,
        "is the check of a door, which is tried itself",
    )
    | because(
        """
        ManyToMany.features ManyToMany.features_back ManyToOne.features ManyToOne.features_back OneToOne.features
        OneToOne.features_back Model.features Model.features_back Model.loss_of Model.score Model.weights
        Model.check_lesson Writer.check_lesson Writer.features Writer.features_back Writer.first_state
        Writer.first_state_back Writer.read_symbols Writer.encode Writer.step Optimizer.step SGD.step RMSProp.step Adam.step
        AdamW.step Forest.take parameters.initial parameters.as_init decoding.beam_search decoding.write Parametric.walk
        ManyToMany.loss_from
        EncoderDecoder.first_state EncoderDecoder.first_state_back OneToMany.first_state OneToMany.first_state_back
        Recurrent.steps Recurrent.gradients parameters.leaves parameters.map_state parameters.named decoding.rows
        decoding.closed decoding.sample History.look EarlyStopping.end
        """,
        CHECKED,
    )
)
