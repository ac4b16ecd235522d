"""tf.keras.preprocessing: sequences filled and cut, pairs of words, texts as numbers."""

import random
import warnings

import numpy as np
from said import tries_whole

TEXTS = ["The cat sat on the mat.", "The dog ate the cat!", "A mat, a dog: a cat?"]


def sequences(tf):
  s = tf.keras.preprocessing.sequence
  given = [[1, 2, 3], [4], [], [5, 6, 7, 8, 9]]
  random.seed(3)
  return {"plain": s.pad_sequences(given), "short": s.pad_sequences(given, maxlen=2), "post": s.pad_sequences(given, 4, padding="post", truncating="post", value=-1),
          "floats": s.pad_sequences([[0.5], [1.5, 2.5]], dtype="float32"), "wide": s.pad_sequences([[[1, 2]], [[3, 4], [5, 6]]]), "table": s.make_sampling_table(6),
          "pairs": [list(map(list, part)) if i == 0 else part for i, part in enumerate(s.skipgrams([1, 2, 0, 3, 4], 10, window_size=1, seed=4))],
          "near": s.skipgrams([1, 2, 3], 10, window_size=2, negative_samples=0, shuffle=False, categorical=True),
          "errors": tries_whole(lambda: s.pad_sequences(3), lambda: s.pad_sequences([1, 2]), lambda: s.pad_sequences(given, padding="x"), lambda: s.pad_sequences(given, truncating="x"),
                                lambda: s.pad_sequences([[1], [[2]]]), lambda: s.pad_sequences(given, value="a"))}


def texts(tf):
  t = tf.keras.preprocessing.text
  seen = {"words": t.text_to_word_sequence("Hello, World! It's me."), "kept": t.text_to_word_sequence("a-b;C", filters=";", lower=False, split=";"),
          "hashed": t.hashing_trick("a b c", 10, hash_function="md5"), "count": len(t.one_hot("a b c", 5))}
  for name, tokenizer in [("plain", t.Tokenizer()), ("few", t.Tokenizer(num_words=4)), ("oov", t.Tokenizer(num_words=5, oov_token="?")), ("chars", t.Tokenizer(char_level=True))]:
    tokenizer.fit_on_texts(TEXTS)
    numbers = tokenizer.texts_to_sequences(TEXTS + ["the bird"])
    seen[name] = [sorted(tokenizer.word_index.items(), key=str), list(tokenizer.word_counts.items()), numbers, tokenizer.sequences_to_texts(numbers), tokenizer.document_count]
    if name != "chars":
      seen[name] += [tokenizer.texts_to_matrix(TEXTS, mode=mode).tolist() for mode in ("binary", "count", "freq", "tfidf")]
      seen[name] += [sorted(tokenizer.get_config())]
  lists = t.Tokenizer(lower=True)
  lists.fit_on_texts([["A", "b"], ["b"]])
  seen["lists"] = [lists.word_index, lists.texts_to_sequences([["B", "a"]])]
  numbers = t.Tokenizer(num_words=3)
  numbers.fit_on_sequences([[1, 2], [2]])
  seen["numbers"] = [dict(numbers.index_docs), numbers.sequences_to_matrix([[1, 2, 2]], mode="tfidf").tolist()]
  with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    seen["old"] = t.Tokenizer(nb_words=7).num_words
  seen["errors"] = tries_whole(lambda: t.Tokenizer(x=3), lambda: t.Tokenizer().texts_to_matrix(TEXTS), lambda: lists.sequences_to_matrix([[1]], mode="x"),
                               lambda: t.Tokenizer(num_words=3).sequences_to_matrix([[1]], mode="tfidf"))
  return seen
