// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
/* export: keeps an enum or a struct in the object's BTF, where Java reads it.
 *
 *	enum colour { COLOUR_RED, COLOUR_GREEN };
 *	EXPORT_ENUM(colour);
 *
 * The compiler leaves an enum out of BTF when no variable, map or struct member is of its type. The
 * variable made here is in a section of its own, which the loader skips: it is in no program or map.
 */
#ifndef MANX_EXPORT_H
#define MANX_EXPORT_H

#define EXPORT_ENUM(tag) \
	static const enum tag manx_enum_##tag __attribute__((used, section(".manx.enums"))) = 0

/* Likewise a struct that is in no map: that of an event. */
#define EXPORT_STRUCT(tag) \
	static const struct tag manx_struct_##tag __attribute__((used, section(".manx.enums"))) = {}

#endif
