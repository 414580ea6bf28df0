#ifndef MANX_ARGUMENTS_H
#define MANX_ARGUMENTS_H

void take_arguments(int count, char **words);

#endif
