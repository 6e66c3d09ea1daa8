/*
 * What sockets have on some systems only: POSIX systems.
 */
#include "convert/arguments.h"
#include "socket/methods.h"
#include "socket/system.h"

/* Another process sends its descriptor instead. */
int share_open(struct socket_object *self, PyObject *fileno)
{
	(void)self;
	(void)fileno;
	return 0;
}

PyDoc_STRVAR(recvmsg_doc,
	     "recvmsg($self, bufsize, ancbufsize=0, flags=0, /)\n--\n\n"
	     "Receive data and ancillary data. Return (bytes, ancdata, flags, address).\n"
	     "\n"
	     "ancdata is a list of (level, type, bytes), for which there are ancbufsize bytes of\n"
	     "room. MSG_CTRUNC in the flags tells that the kernel had to cut some off.");

PyDoc_STRVAR(recvmsg_into_doc,
	     "recvmsg_into($self, buffers, ancbufsize=0, flags=0, /)\n--\n\n"
	     "Receive data into an iterable of writable buffers, and ancillary data.\n"
	     "\n"
	     "Return (number of bytes, ancdata, flags, address), as recvmsg() does.");

PyDoc_STRVAR(sendmsg_doc,
	     "sendmsg($self, buffers, ancdata=(), flags=0, address=None, /)\n--\n\n"
	     "Send the buffers as one message. ancdata is an iterable of (level, type, data).\n"
	     "\n"
	     "Return how many bytes of the buffers were sent.");

PyDoc_STRVAR(
	sendmsg_afalg_doc,
	"sendmsg_afalg($self, msg=(), *, op, iv=..., assoclen=..., flags=0)\n--\n\n"
	"Send the data in an iterable of buffers to an algorithm of the kernel (AF_ALG).\n"
	"\n"
	"op: ALG_OP_ENCRYPT, ALG_OP_DECRYPT and the like; iv: the initialization vector, bytes;\n"
	"assoclen: how many bytes at the start are associated data (AEAD).\n"
	"Return the number of bytes of data sent.");

PyMethodDef sock_system_methods[] = {
	{"recvmsg", FAST(sock_recvmsg), recvmsg_doc},
	{"recvmsg_into", FAST(sock_recvmsg_into), recvmsg_into_doc},
	{"sendmsg", FAST(sock_sendmsg), sendmsg_doc},
	{"sendmsg_afalg", WITH_NAMES(sock_sendmsg_afalg), sendmsg_afalg_doc},
	{NULL, NULL, 0, NULL},
};
