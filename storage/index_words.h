/*
 * index_words.h: the words of many texts, fast: what merges spend most of their time on where texts are long.
 *
 * words    a text's bytes are classified by whole vectors, then words are runs of bits
 * memo     Words of one column repeat: names of parameters, parts of paths, hosts. One that was seen a moment ago is
 *          neither hashed nor visited again: its first 8 bytes (which are its key) or its place are in a small table.
 *          So a hash may be visited once or several times, but never not at all.
 * thread   one at a time for each memo
 */
#ifndef STORAGE_INDEX_WORDS_H
#define STORAGE_INDEX_WORDS_H

#include "storage/index.h"

#define WORD_MEMO_SHORT 1024U
#define WORD_MEMO_LONG  512U

struct word_memo {
    uint64_t starts[WORD_MEMO_SHORT];   /* first 8 bytes of words, zeros behind shorter ones; 0: none */
    struct slice words[WORD_MEMO_LONG]; /* longer ones: they stay where they are while the memo is used */
};

/* Hashes of a whole text's words (INDEX_WORDS). The memo is all zero at first. false: the visitor had enough. */
bool index_words_visit(struct word_memo *memo, struct slice text, index_visit *visit, void *user);

#endif
