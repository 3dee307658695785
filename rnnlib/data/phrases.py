"""Short phrases about moods and days, each positive (True) or negative (False). Chapter 08.

Data card
what     English phrases of 1 to 8 words, lower case, no punctuation, in the form phrase -> True or False
size     see `len(train_data)`, `len(test_data)`; as many positive as negative in both; every word of
         `test_data` stands in `train_data`, no phrase stands in both
from     written for this book; no text was taken from elsewhere
licence  MIT, as the book
labels   a phrase is judged by how things stand at its end of time: where it tells of then and now ("was ... but
         is ... now"), now decides; where it tells of one time only, that time does. "not" and "never" turn the word
         that follows. "so", "again", "at all", "all day" do not change the label
order    `order_pairs` holds phrases with the very same words and opposite labels. Whoever only counts words gives
         both phrases of a pair the same answer, and so is wrong about one of the two
limits   a toy: 23 words, three pairs of opposites, a few patterns of sentence. What a network learns here
         is not yet what sentiment is in real reviews
"""

__all__ = ["order_pairs", "test_data", "train_data"]

train_data: dict[str, bool] = {
    # one word, and a word with its neighbour
    "good": True,
    "bad": False,
    "happy": True,
    "angry": False,
    "so calm": True,
    "so sad": False,
    "never angry": True,
    "never good": False,
    "not angry": True,
    "not calm": False,
    # now, today, all day, again
    "she is happy": True,
    "he is sad": False,
    "it is good now": True,
    "it is bad now": False,
    "he is calm now": True,
    "she is angry now": False,
    "she is so happy today": True,
    "he is so angry today": False,
    "it was so bad today": False,
    "it was so good today": True,
    "he was calm all day": True,
    "she was sad all day": False,
    "it was bad all day": False,
    "it was good all day": True,
    "he is happy again": True,
    "she is sad again": False,
    "it is good again": True,
    "it is bad again": False,
    # earlier
    "she was calm earlier": True,
    "he was angry earlier": False,
    "he was happy earlier": True,
    "it was bad earlier": False,
    # not, never, at all
    "he is not sad": True,
    "she is not happy": False,
    "it was not bad today": True,
    "it was not good today": False,
    "he is not calm now": False,
    "she is not angry now": True,
    "she was not sad earlier": True,
    "it was not good earlier": False,
    "it is not good at all": False,
    "it was not bad at all": True,
    "he was not sad at all": True,
    "she was not happy at all": False,
    "not angry at all": True,
    "not calm at all": False,
    "she is never angry": True,
    "he is never calm": False,
    "it was never bad": True,
    "it was never good": False,
    "he was never sad": True,
    "she was never happy": False,
    # and
    "she is happy and calm": True,
    "he is sad and angry": False,
    "he is calm and not angry": True,
    "he is angry and not calm": False,
    "it was good and not bad": True,
    "it was bad and not good": False,
    "he is not angry and not sad": True,
    "she is not happy and not calm": False,
    # but: what was, and what is
    "he was happy but is sad now": False,
    "he was sad but is happy now": True,
    "it was bad but is good now": True,
    "it was good but is bad now": False,
    "he was calm earlier but is angry now": False,
    "she was angry earlier but is calm now": True,
    "she is happy now but was sad earlier": True,
    "she is sad now but was happy earlier": False,
    "it is good now but was bad earlier": True,
    "it is bad now but was good earlier": False,
    "she is calm but was angry earlier": True,
    "he is angry but was calm earlier": False,
    "it was not bad but good": True,
    "it was not good but bad": False,
    "she is not sad but happy": True,
    "she is not happy but sad": False,
    "he is not angry but calm": True,
    "she is not calm but angry": False,
    "she was not happy but is now": True,
    "she was happy but is not now": False,
    "he was not angry but is now": False,
    "he was angry but is not now": True,
    "it was not bad but is now": False,
    "it was not good but is now": True,
}

test_data: dict[str, bool] = {
    "calm": True,
    "sad": False,
    "so good": True,
    "so angry": False,
    "never bad": True,
    "not bad at all": True,
    "not happy at all": False,
    "he is happy today": True,
    "she was angry all day": False,
    "he was not sad today": True,
    "she is not calm today": False,
    "it is never good": False,
    "she is not angry at all": True,
    "he is calm again": True,
    "it was bad again today": False,
    "he is sad and not happy": False,
    "he is happy and not sad": True,
    "she was angry but is calm now": True,
    "she was calm but is angry now": False,
    "he is happy now but was sad earlier": True,
    "he is sad now but was happy earlier": False,
    "he is not calm but angry": False,
    "it was good but is not now": False,
    "it was bad but is not now": True,
    "she was not sad but is now": False,
    "she was sad but is not now": True,
}

order_pairs: tuple[tuple[str, str], ...] = (
    # in train_data
    ("he is calm and not angry", "he is angry and not calm"),
    ("it was good and not bad", "it was bad and not good"),
    ("he was sad but is happy now", "he was happy but is sad now"),
    ("it was bad but is good now", "it was good but is bad now"),
    ("she is happy now but was sad earlier", "she is sad now but was happy earlier"),
    ("it is good now but was bad earlier", "it is bad now but was good earlier"),
    ("it was not bad but good", "it was not good but bad"),
    ("she is not sad but happy", "she is not happy but sad"),
    ("she was not happy but is now", "she was happy but is not now"),
    ("he was angry but is not now", "he was not angry but is now"),
    # in test_data
    ("he is happy and not sad", "he is sad and not happy"),
    ("she was angry but is calm now", "she was calm but is angry now"),
    ("he is happy now but was sad earlier", "he is sad now but was happy earlier"),
    ("she was sad but is not now", "she was not sad but is now"),
)
