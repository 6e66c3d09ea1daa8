/*
 * Hexadecimal digits.
 */
#ifndef CSI_FAMILY_HEX_H
#define CSI_FAMILY_HEX_H

/* The value of a digit, or -1 for any other character. */
static inline int csi_hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

#endif
