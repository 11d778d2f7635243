/* Character classes. Only what the core's C code uses; names, sizes and values of bionic, API 26. */
#pragma once

int isalpha(int);
int isdigit(int);
int isalnum(int);
int isspace(int);
int tolower(int);
int toupper(int);
int isprint(int);
