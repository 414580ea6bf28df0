// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
/* routes: looks up where the packet goes.
 * Writes  note->route, unless policy needed it sooner
 */
#include <manx/routes.h>
#include <manx/tc.h>

STAGE(routes)
{
	route_of(note);
	return VERDICT_NEXT;
}
