/*
 * vector.h: loops over many values, compiled for several instruction sets.
 *
 * A function marked VECTORISED exists once for AVX-512, once for AVX2 and once for every x86-64; the loader picks when
 * the program starts. Its loops must be such that the compiler can vectorise them (files with them are compiled with
 * -O3), and what it calls must be inlined. Elsewhere (other processors, sanitizers, clang) it is a plain function.
 */
#ifndef BASE_VECTOR_H
#define BASE_VECTOR_H

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && !defined(WEIR_SANITIZED)
#define VECTORISED __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define VECTORISED
#endif

#endif
