/*
 * The methods of sockets, with their documentation.
 */
#include "socket/methods.h"
#include "convert/arguments.h"

PyDoc_STRVAR(accept_doc,
	     "Wait for a connection. Return (socket, address of the other end).\n"
	     "\n"
	     "The new socket is in blocking mode unless there is a default timeout, and is not\n"
	     "inheritable.");

PyDoc_STRVAR(bind_doc, "bind($self, address, /)\n--\n\n"
		       "Bind the socket to a local address, whose form depends on the family.");

PyDoc_STRVAR(close_doc,
	     "Close the socket. Its descriptor is closed with the last file of makefile().\n"
	     "\n"
	     "Threads that wait in a call on the socket are woken, and get an OSError with EBADF.\n"
	     "A thread that blocks SIGURG goes on waiting.");

PyDoc_STRVAR(close_raw_doc, "close($self, /)\n--\n\n"
			    "Close the socket. Threads that wait in a call on it are woken.");

PyDoc_STRVAR(connect_doc,
	     "connect($self, address, /)\n--\n\n"
	     "Connect the socket to a remote address, whose form depends on the family.");

PyDoc_STRVAR(connect_ex_doc,
	     "connect_ex($self, address, /)\n--\n\n"
	     "Like connect(), but return the errno instead of raising it; 0 for success.");

PyDoc_STRVAR(detach_doc, "Close the socket object but not its descriptor, and return that.");

PyDoc_STRVAR(dup_doc, "Return a socket of the same class on a duplicate of the descriptor.\n"
		      "\n"
		      "The duplicate is not inheritable, and has the same timeout.");

PyDoc_STRVAR(enter_doc, "Return the socket. The end of the with block closes it.");

PyDoc_STRVAR(exit_doc, "Close the socket. The arguments are ignored.");

PyDoc_STRVAR(fileno_doc, "fileno($self, /)\n--\n\n"
			 "Return the descriptor; -1 after close().");

PyDoc_STRVAR(get_inheritable_doc,
	     "Tell whether a child process that runs a program keeps the descriptor.");

PyDoc_STRVAR(getblocking_doc, "getblocking($self, /)\n--\n\n"
			      "Tell whether the socket waits: True unless its timeout is 0.");

PyDoc_STRVAR(getpeername_doc, "getpeername($self, /)\n--\n\n"
			      "Return the address of the other end.");

PyDoc_STRVAR(getsockname_doc, "getsockname($self, /)\n--\n\n"
			      "Return the socket's own address.");

PyDoc_STRVAR(getsockopt_doc,
	     "getsockopt($self, level, option, buflen=0, /)\n--\n\n"
	     "Return a socket option: an int, or if buflen is given bytes of at most that length.");

PyDoc_STRVAR(gettimeout_doc, "gettimeout($self, /)\n--\n\n"
			     "Return the timeout in seconds as a float, or None if there is none.");

PyDoc_STRVAR(listen_doc,
	     "listen($self, backlog=128, /)\n--\n\n"
	     "Let the socket accept connections; backlog is how many may wait to be accepted.");

PyDoc_STRVAR(
	makefile_doc,
	"Return a file object on the socket; the arguments are those of open().\n"
	"\n"
	"mode is made of 'r', 'w' and 'b'. The descriptor stays open until both the socket and\n"
	"all its files are closed.");

PyDoc_STRVAR(recv_doc,
	     "recv($self, bufsize, flags=0, /)\n--\n\n"
	     "Receive at most bufsize bytes. An empty result means the end of the stream.");

PyDoc_STRVAR(
	recv_into_doc,
	"recv_into($self, buffer, nbytes=0, flags=0)\n--\n\n"
	"Receive into a writable buffer, at most nbytes (0: its size). Return how many bytes.");

PyDoc_STRVAR(
	recv_segments_doc,
	"recv_segments($self, bufsize=65535, flags=0)\n--\n\n"
	"Receive datagrams that arrived together. Return (list of bytes, address of the sender).\n"
	"\n"
	"The list has one datagram unless the option UDP_GRO is set on the socket.");

PyDoc_STRVAR(recv_segments_into_doc,
	     "recv_segments_into($self, buffer, nbytes=0, flags=0)\n--\n\n"
	     "Receive datagrams that arrived together into one writable buffer.\n"
	     "\n"
	     "Return (number of bytes, size of each datagram but the last, address).");

PyDoc_STRVAR(recvfrom_doc, "recvfrom($self, bufsize, flags=0, /)\n--\n\n"
			   "Receive at most bufsize bytes. Return (bytes, address of the sender).");

PyDoc_STRVAR(recvfrom_into_doc,
	     "recvfrom_into($self, buffer, nbytes=0, flags=0)\n--\n\n"
	     "Receive into a writable buffer. Return (number of bytes, address of the sender).");

PyDoc_STRVAR(recvmmsg_doc,
	     "recvmmsg($self, n, bufsize, flags=0, *, ancbufsize=0)\n--\n\n"
	     "Wait for a message. Receive it and those that are also there, at most n messages.\n"
	     "\n"
	     "Return a list of (bytes, ancdata, flags, address), each as recvmsg() returns it.");

PyDoc_STRVAR(recvmmsg_into_doc,
	     "recvmmsg_into($self, buffers, flags=0, *, ancbufsize=0)\n--\n\n"
	     "Like recvmmsg(), with one message into each of an iterable of writable buffers.\n"
	     "\n"
	     "Return a list of (number of bytes, ancdata, flags, address).");

PyDoc_STRVAR(send_doc,
	     "send($self, data, flags=0, /)\n--\n\n"
	     "Send data, maybe only the first part of it. Return how many bytes were sent.");

PyDoc_STRVAR(
	send_segments_doc,
	"send_segments($self, data, segment_size, address=None, flags=0)\n--\n\n"
	"Send data as datagrams of segment_size bytes, of which the last may be shorter.\n"
	"\n"
	"The kernel cuts them if it can. Return how many bytes were sent, in whole datagrams.");

PyDoc_STRVAR(sendall_doc, "sendall($self, data, flags=0, /)\n--\n\n"
			  "Send all of data, within one timeout.\n"
			  "\n"
			  "After an error it is unknown how much was sent.");

PyDoc_STRVAR(sendfile_doc,
	     "Send a file from offset until its end, or count bytes. Return how many were sent.\n"
	     "\n"
	     "The file must be open in binary mode; its position is moved even after an error, so\n"
	     "that file.tell() tells what was sent.");

PyDoc_STRVAR(sendmmsg_doc,
	     "sendmmsg($self, messages, flags=0)\n--\n\n"
	     "Send the messages of an iterable, each a bytes-like object, (data, address) or\n"
	     "(data, ancdata, address). Return how many were sent.\n"
	     "\n"
	     "Fewer than all are sent only if a failure, a timeout or a signal came between.");

PyDoc_STRVAR(sendto_doc, "sendto(data, [flags,] address)\n\n"
			 "Send data to an address. Return how many bytes were sent.");

PyDoc_STRVAR(set_inheritable_doc,
	     "Set whether a child process that runs a program keeps the descriptor.");

PyDoc_STRVAR(setblocking_doc,
	     "setblocking($self, flag, /)\n--\n\n"
	     "True: the same as settimeout(None). False: the same as settimeout(0).");

PyDoc_STRVAR(setsockopt_doc,
	     "setsockopt($self, level, option, value, optlen=..., /)\n--\n\n"
	     "Set a socket option to an int or to the bytes of a buffer.\n"
	     "\n"
	     "With value None, optlen must be given: the kernel gets a length and no value.");

PyDoc_STRVAR(settimeout_doc,
	     "settimeout($self, timeout, /)\n--\n\n"
	     "Set the timeout of every operation, in seconds. None: wait; 0: never wait.");

PyDoc_STRVAR(shutdown_doc, "shutdown($self, how, /)\n--\n\n"
			   "End receiving (SHUT_RD), sending (SHUT_WR) or both (SHUT_RDWR).");

PyDoc_STRVAR(accept_raw_doc,
	     "_accept($self, /)\n--\n\n"
	     "Wait for a connection. Return (descriptor, address of the other end).");

/* The methods of both types on every system. */
PyMethodDef sock_base_methods[] = {
	{"_accept", sock_accept_raw, METH_NOARGS, accept_raw_doc},
	{"bind", sock_bind, METH_O, bind_doc},
	{"close", sock_close_raw, METH_NOARGS, close_raw_doc},
	{"connect", sock_connect, METH_O, connect_doc},
	{"connect_ex", sock_connect_ex, METH_O, connect_ex_doc},
	{"detach", sock_detach_raw, METH_NOARGS, detach_doc},
	{"fileno", sock_fileno, METH_NOARGS, fileno_doc},
	{"getblocking", sock_getblocking, METH_NOARGS, getblocking_doc},
	{"getpeername", sock_getpeername, METH_NOARGS, getpeername_doc},
	{"getsockname", sock_getsockname, METH_NOARGS, getsockname_doc},
	{"getsockopt", FAST(sock_getsockopt), getsockopt_doc},
	{"gettimeout", sock_gettimeout, METH_NOARGS, gettimeout_doc},
	{"listen", FAST(sock_listen), listen_doc},
	{"recv", FAST(sock_recv), recv_doc},
	{"recv_into", WITH_NAMES(sock_recv_into), recv_into_doc},
	{"recv_segments", WITH_NAMES(sock_recv_segments), recv_segments_doc},
	{"recv_segments_into", WITH_NAMES(sock_recv_segments_into), recv_segments_into_doc},
	{"recvfrom", FAST(sock_recvfrom), recvfrom_doc},
	{"recvfrom_into", WITH_NAMES(sock_recvfrom_into), recvfrom_into_doc},
	{"recvmmsg", WITH_NAMES(sock_recvmmsg), recvmmsg_doc},
	{"recvmmsg_into", WITH_NAMES(sock_recvmmsg_into), recvmmsg_into_doc},
	{"send", FAST(sock_send), send_doc},
	{"send_segments", WITH_NAMES(sock_send_segments), send_segments_doc},
	{"sendall", FAST(sock_sendall), sendall_doc},
	{"sendmmsg", WITH_NAMES(sock_sendmmsg), sendmmsg_doc},
	{"sendto", FAST(sock_sendto), sendto_doc},
	{"setblocking", sock_setblocking, METH_O, setblocking_doc},
	{"setsockopt", FAST(sock_setsockopt), setsockopt_doc},
	{"settimeout", sock_settimeout, METH_O, settimeout_doc},
	{"shutdown", sock_shutdown, METH_O, shutdown_doc},
	{NULL, NULL, 0, NULL},
};

/* The methods that socket.py has in Python. Only the socket type has them, not the base type. */
const struct any_method sock_methods[] = {
	{"__enter__", "($self, /)", sock_enter, TAKES_NONE, enter_doc},
	{"__exit__", "($self, /, *args)", sock_exit, TAKES_ANY, exit_doc},
	{"__getstate__", "($self, /)", sock_getstate, TAKES_NONE, NULL},
	{"__reduce_ex__", "($self, protocol, /)", sock_reduce_ex, TAKES_ANY, NULL},
	{"__repr__", "($self, /)", sock_repr, TAKES_NONE, NULL},
	{"_check_sendfile_params", "($self, file, offset, count)", sock_check_sendfile_params,
	 TAKES_ANY, NULL},
	{"_decref_socketios", "($self, /)", sock_decref_socketios, TAKES_NONE, NULL},
	{"_real_close", "($self, _ss=...)", sock_real_close, TAKES_ANY, NULL},
	{"_sendfile_use_send", "($self, file, offset=0, count=None)", sock_sendfile_use_send,
	 TAKES_ANY, NULL},
	{"_sendfile_use_sendfile", "($self, file, offset=0, count=None)",
	 sock_sendfile_use_sendfile, TAKES_ANY, NULL},
	{"_sendfile_zerocopy",
	 "($self, zerocopy_func, giveup_exc_type, file, offset=0, count=None)",
	 sock_sendfile_zerocopy, TAKES_ANY, NULL},
	{"accept", "($self, /)", sock_accept, TAKES_NONE, accept_doc},
	{"close", "($self, /)", sock_close, TAKES_NONE, close_doc},
	{"detach", "($self, /)", sock_detach, TAKES_NONE, detach_doc},
	{"dup", "($self, /)", sock_dup, TAKES_NONE, dup_doc},
	{"get_inheritable", "($self, /)", sock_get_inheritable, TAKES_NONE, get_inheritable_doc},
	{"makefile",
	 "($self, mode='r', buffering=None, *, encoding=None, errors=None, newline=None)",
	 sock_makefile, TAKES_ANY, makefile_doc},
	{"sendfile", "($self, file, offset=0, count=None)", sock_sendfile, TAKES_ANY, sendfile_doc},
	{"set_inheritable", "($self, inheritable)", sock_set_inheritable, TAKES_ANY,
	 set_inheritable_doc},
	{NULL, NULL, NULL, TAKES_NONE, NULL},
};
