/* classify: publishes a field, and what a struct of it looks like. */
#include <manx/field.h>
#include <manx/tc.h>

struct tag {
	__u64 id;
	struct addr owner;
};

PUBLISHES(__u32, tenant);
PUBLISHES(struct tag, tag);

STAGE(classify)
{
	FIELD(note, tenant) = 7;
	FIELD(note, tag).id = 8;
	FIELD(note, tag).owner = note->source;
	return VERDICT_NEXT;
}
