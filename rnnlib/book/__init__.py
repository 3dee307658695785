"""What the book alone needs: experiments, most of them with stored results. The library does without them.

bugs        five backward passes, four of them wrong: find them                                 chapter 04
datebook    networks that read dates in eight languages                                         chapter 05
race        RNN, LSTM and GRU on the recall task                                                chapter 06
ladder      a bare cell state, and one gate after the other                                     chapter 06
contest     seven structures on one task, with one budget                                       chapter 07
sentiment   a bag of words, and recurrent networks that have to stand beside it                 chapter 08
source      the library's own source, to be read beside the equations                           chapters 02, 04, 06
experiment  their common form: rules, a result for each network, medians, the stored file       chapters 05, 06, 07

Each is imported by its own name: `from rnnlib.book import race`. Nothing of the library reads them; the pictures, the
widgets and the exercises may. The results are in `results/`, made by `python -m tools.make_runs`.
"""
