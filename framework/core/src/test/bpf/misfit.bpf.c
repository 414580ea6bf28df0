/* misfit: built with a note in which a field is called otherwise. */
#define destination_port port_in_another_manx
#include <manx/tc.h>

STAGE(beta)
{
	return note->port_in_another_manx ? VERDICT_NEXT : VERDICT_PASS;
}
