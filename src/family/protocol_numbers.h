/*
 * The protocol numbers of AF_CAN (linux/can.h), AF_BLUETOOTH (the kernel's
 * include/net/bluetooth/bluetooth.h, which it does not export; Windows has the last one) and
 * AF_HYPERV (hvsocket.h of the Windows SDK).
 */
#ifndef CSI_FAMILY_PROTOCOL_NUMBERS_H
#define CSI_FAMILY_PROTOCOL_NUMBERS_H

enum {
	CAN_RAW = 1,
	CAN_BCM = 2,
	CAN_ISOTP = 6,
	CAN_J1939 = 7,
};

enum {
	BTPROTO_L2CAP = 0,
	BTPROTO_HCI = 1,
	BTPROTO_SCO = 2,
	BTPROTO_RFCOMM = 3,
};

enum {
	HV_PROTOCOL_RAW = 1,
};

#endif
