"""What is public and has no row, with the reason: records that the library makes, and methods inside."""


def because(reason, names):
    """Name -> reason."""
    return dict.fromkeys(names.split(), reason)


RECORDS = because(
    "holds what the library computed; a reader reads it and makes none",
    """
    Answer BackwardTrace Batch Chapter Climb Contest Corpus DateFormat Dates Digits Diverged Entry Examples Experiment
    Forest Forward GradientFlow GradientReport History Judgement LabelledSentences LabelledSet Ladder LayerTrace Memo
    NameScores Names Nested Occlusion OnnxOperator Pages Pairs Phrases Picture Race Reading ReadingReport Recall
    Result Row Run Runs Score Sentences SentimentResult Sunspots Suspect TaggedSentences TaggedSet Tied Trace Trained
    Vowels WordVectors Written WrittenDates
    """,
)
INSIDE = (
    because(
        "has no use of its own; its kinds have their rows",
        """
        Cell Layer Layer.backward Layer.forward Model Optimizer Parametric
        """,
    )
    | because(
        "takes no argument",
        """
        Bidirectional.parts Picture.html EarlyStopping.begin Embedding.own EncoderDecoder.parts Model.parts
        OneToMany.parts Parametric.own Parametric.parts Parametric.refuse_shared Parametric.vector Stacked.parts
        """,
    )
    | because(
        "one step as the equations read, run once for every step of every sequence: `step` and `Recurrent` check",
        """
        Cell.backward Cell.forward Cell.gradients Cell.pack Cell.split Cell.unpack GRUCell.backward GRUCell.forward
        GRUCell.gradients LSTMCell.backward LSTMCell.forward LSTMCell.gradients LSTMCell.look LSTMCell.squash
        RNNCell.backward
        RNNCell.forward
        """,
    )
    | because(
        "is the check of a door, which is tried itself",
        """
        Composed.apart Composed.check_state Dense.check Embedding.check Layer.check Layer.check_back Layer.check_state
        Model.check_inputs Model.check_lesson Model.targets Recurrent.check_state Stacked.check TreeRNN.check
        Writer.check_lesson
        """,
    )
    | because(
        "is called by the library, with what a door has checked",
        """
        Adam.step AdamW.step EarlyStopping.end EncoderDecoder.first_state EncoderDecoder.first_state_back Forest.take
        ManyToMany.features ManyToMany.features_back ManyToMany.loss_from ManyToOne.features ManyToOne.features_back
        ManyToOne.places
        Model.features Model.features_back Model.loss_of Model.score Model.weights OneToMany.first_state
        OneToMany.first_state_back OneToOne.features OneToOne.features_back Optimizer.step Parametric.walk
        Parametric.beside
        RMSProp.step Recurrent.gradients Recurrent.steps SGD.step Writer.encode Writer.features Writer.features_back
        Writer.first_state Writer.first_state_back Writer.read_symbols Writer.step decoding.beam_search
        decoding.closed decoding.rows decoding.write parameters.as_init parameters.initial parameters.leaves
        parameters.map_state parameters.named
        """,
    )
    | because(
        "takes no argument, or is called with what a door has checked",
        """
        Judgement.recall_line LanguageModel.encode LanguageModel.score LanguageModel.step
        LanguageModel.loss_of LanguageModel.targets LanguageModel.walk
        """,
    )
    | because(
        "holds what the library made; its fields are not asked for",
        """
        BagOfWords Committee Kept.html Pages.said Pages.state Question Question.said Question.state Recurrent.walk
        Source
        """,
    )
    | because(
        "is the code that a chapter reads: `book.bugs.check` and `train` run it",
        """
        book.bugs.right
        """,
    )
    | because(
        "reads a result that takes minutes to make, and its arguments are sentences, as those of `BagOfWords.predict`",
        """
        BagOfWords.answers BagOfWords.split Experiment.repeat Experiment.text SentimentResult.keeps_up
        SentimentResult.predict SentimentResult.probability SentimentResult.report
        """,
    )
    | because(
        "is what a widget does when it is used: its arguments come from its own controls",
        """
        ConeOrChain.draw GateLaboratory.draw GradientChain.draw GradientChain.example Laboratory.draw
        Laboratory.redraw Laboratory.reset Laboratory.say Laboratory.set MemoryRace.draw MemoryRace.reset
        MemoryRace.train NeuronText.draw OneUnit.draw SentenceStepper.read SentimentPlayground.draw
        ShapeGallery.draw ShapeGallery.redraw Stepper.keep Stepper.notify_change Stepper.picture Stepper.said
        Stepper.showing_errors Stepper.stored Temperature.draw Temperature.draw_one Temperature.undo TrainingDesk.at
        Training.stop Training.wait TrainingDesk.draw TrainingDesk.pause TrainingDesk.reset TrainingDesk.train
        TreeComposer.draw TwoComputations.draw VanishOrExplode.cell VanishOrExplode.draw VanishOrExplode.flow
        """,
    )
    | because(
        "has its rows in `tests/test_widgets_bounds.py`, which has a table of every argument of every widget",
        """
        ConeOrChain GateLaboratory GradientChain Laboratory MemoryRace NeuronText OneUnit SentenceStepper
        SentimentPlayground ShapeGallery Stepper Temperature TrainingDesk TreeComposer TwoComputations VanishOrExplode
        widgets.link
        """,
    )
    | because(
        "takes a run of `rnnlib.views`, which its widget makes; another one is a TypeError",
        """
        diagrams.composition diagrams.cone diagrams.neurons
        """,
    )
    | because(
        "is itself a check of an argument, which the pictures' rows put to use",
        """
        asked.asks asked.kind asked.names asked.notation asked.number asked.numbers asked.share asked.some asked.text
        asked.whole
        """,
    )
)
