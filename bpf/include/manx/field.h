// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
/* field: what a stage tells stages after it about a packet, beyond the note's own members. tc and xdp alike.
 *
 *	PUBLISHES(__u32, tenant);				REQUIRES(__u32, tenant);
 *
 *	STAGE(classify)						STAGE(billing)
 *	{							{
 *		FIELD(note, tenant) = 7;				if (FIELD(note, tenant) == 7)
 *		...							...
 *
 * The type is any integer, enum or struct of 64 bytes at most. One stage of a hook publishes a field, any number
 * require it; they come after it, and need not name it. Manx takes a stage in that requires a field only where
 * one publishes it with the same type, for every packet the stage sees: what is published by a stage with
 * packets=first is not there for one with packets=translated, nor what that one publishes for one with packets=every.
 *
 * A field is zero until its stage writes it: the program around the stage sees to that, since the note still
 * holds the packet before. A stage reads the fields that it requires, and reads and writes those that it publishes.
 */
#ifndef MANX_FIELD_H
#define MANX_FIELD_H

#include <manx/pipeline.h>

enum field_words {
	FIELD_WORD = 4,		/* bytes: two stages' fields are never in one word */
	FIELD_WORDS = sizeof(((struct note *)0)->extension) / FIELD_WORD,
};

SETTING(__u32, manx_published, 0, "words of note->extension that hold this stage's fields, a bit each; given by Manx");

/* Whatever type the field in it has. */
typedef __u32 __attribute__((may_alias)) field_word;

/* The verifier knows the setting, and leaves out the stores and branches that it rules out. */
static __always_inline void fields_clear(struct note *note)
{
	__u32 words = manx_published;

	if (!words)
		return;
#pragma unroll
	for (int i = 0; i < FIELD_WORDS; i++)
		if (words & 1u << i)
			*(field_word *)(note->extension + i * FIELD_WORD) = 0;
}

#undef STAGE_BEGIN
#define STAGE_BEGIN(note) fields_clear(note)

/* The variable is in no map or program, as in export.h: it is there for its name and type. */
#define DECLARE_FIELD(relation, type, name, qualified) \
	static const type manx_##relation##_##name __attribute__((used, section(".manx.fields"))) = {0}; \
	typedef qualified manx_type_##name; \
	SETTING(__u32, manx_at_##name, 0, "bytes from the start of note->extension; given by Manx")

#define PUBLISHES(type, name) DECLARE_FIELD(publishes, type, name, type)
#define REQUIRES(type, name) DECLARE_FIELD(requires, type, name, const type)

/* The field itself, to read, and to write where the stage publishes it. */
#define FIELD(note, name) (*(manx_type_##name *)((note)->extension + manx_at_##name))

#endif
