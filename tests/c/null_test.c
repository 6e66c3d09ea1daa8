/*
 * NULL where it is not allowed: a debug build, as this one, refuses it in every parameter.
 */

/* The annotations would tell the compiler that these calls are wrong, as they are. */
#define CSOCK_BUILD
#include "csocket/csocket.h"

#include "support.h"

/* Zeros, large enough for anything that a parameter may point to. */
static _Alignas(max_align_t) char zeros[8192];
static void *const any = zeros;

#define REFUSED(call) assert_refused(call, CSOCK_REFUSED_NULL, 0)

static void test_address(void **state)
{
	(void)state;
	REFUSED(csock_addr_inet(NULL, any, 0));
	REFUSED(csock_addr_inet6(NULL, any, 0, 0));
	REFUSED(csock_addr_unix(NULL, any, 0));
	REFUSED(csock_addr_from_sockaddr(NULL, any, 0));
	REFUSED(csock_addr_from_sockaddr(any, NULL, 0));
	REFUSED(csock_addr_port(NULL));
	REFUSED(csock_addr_set_port(NULL, 0));
	REFUSED(csock_addr_host(NULL, any, any));
	REFUSED(csock_addr_host(any, any, NULL));
	REFUSED(csock_addr_encode(any, any, 0, any, 0, NULL));
	REFUSED(csock_addr_decode(NULL, any, any));
	REFUSED(csock_addr_decode(any, any, NULL));
}

static void test_alg(void **state)
{
	(void)state;
	REFUSED(csock_alg_ancillary_encode(NULL, any, 0));
}

static void test_batch(void **state)
{
	(void)state;
	REFUSED(csock_sendmmsg(NULL, any, 0, 0, 0));
	REFUSED(csock_recvmmsg(NULL, any, 0, 0, 0));
	REFUSED(csock_send_segments(NULL, any, 0, 0, 0, any, 0));
	REFUSED(csock_recv_segments(NULL, any, 0, 0, any, any, 0));
	REFUSED(csock_recv_segments(any, any, 0, 0, NULL, any, 0));
	REFUSED(csock_recv_segments(any, any, 0, 0, any, NULL, 0));
}

static void test_inet(void **state)
{
	(void)state;
	REFUSED(csock_inet_pton(0, NULL, any));
	REFUSED(csock_inet_pton(0, any, NULL));
	REFUSED(csock_inet_ntop(0, NULL, any));
	REFUSED(csock_inet_ntop(0, any, NULL));
	REFUSED(csock_inet_aton(NULL, any));
	REFUSED(csock_inet_aton(any, NULL));
}

static void test_interface(void **state)
{
	(void)state;
	REFUSED(csock_if_nameindex(NULL));
	REFUSED(csock_if_nametoindex(NULL));
	REFUSED(csock_if_indextoname(0, NULL));
}

static void test_message(void **state)
{
	(void)state;
	REFUSED(csock_ancillary_next(any, 0, NULL, any, any));
	REFUSED(csock_ancillary_next(any, 0, any, NULL, any));
	REFUSED(csock_ancillary_next(any, 0, any, any, NULL));
	REFUSED(csock_recvmsg(NULL, any, 0, 0, any, 0));
	REFUSED(csock_recvmsg(any, any, 0, 0, NULL, 0));
	REFUSED(csock_sendmsg(NULL, any, 0, any, 0, 0, any, 0));
	REFUSED(csock_send_fds(NULL, any, 0, any, 0, 0, 0));
	REFUSED(csock_recv_fds(NULL, any, 0, any, any, 0, 0));
	REFUSED(csock_recv_fds(any, any, 0, any, NULL, 0, 0));
}

static void test_multicast(void **state)
{
	(void)state;
	REFUSED(csock_join_group(NULL, any, 0));
	REFUSED(csock_join_group(any, NULL, 0));
	REFUSED(csock_leave_group(NULL, any, 0));
	REFUSED(csock_leave_group(any, NULL, 0));
	REFUSED(csock_set_multicast_interface(NULL, 0));
}

static void test_option(void **state)
{
	(void)state;
	REFUSED(csock_getsockopt(NULL, 0, 0, any, any));
	REFUSED(csock_getsockopt(any, 0, 0, any, NULL));
	REFUSED(csock_setsockopt(NULL, 0, 0, any, 0));
	REFUSED(csock_get_int(NULL, 0, 0, any));
	REFUSED(csock_get_int(any, 0, 0, NULL));
	REFUSED(csock_set_int(NULL, 0, 0, 0));
	REFUSED(csock_take_error(NULL));
	REFUSED(csock_get_linger(NULL, any));
	REFUSED(csock_get_linger(any, NULL));
	REFUSED(csock_set_linger(NULL, 0));
	REFUSED(csock_get_recv_timeout(NULL, any));
	REFUSED(csock_get_recv_timeout(any, NULL));
	REFUSED(csock_set_recv_timeout(NULL, 0));
	REFUSED(csock_get_send_timeout(NULL, any));
	REFUSED(csock_get_send_timeout(any, NULL));
	REFUSED(csock_set_send_timeout(NULL, 0));
	REFUSED(csock_set_keepalive(NULL, any));
}

static void test_poll(void **state)
{
	(void)state;
	REFUSED(csock_poll(NULL, 1, 0));
	REFUSED(csock_wait(NULL, 0, 0));
	REFUSED(csock_wake_open(NULL));
	REFUSED(csock_wake_set(NULL));
	REFUSED(csock_wake_clear(NULL));
	REFUSED(csock_wait_or_wake(NULL, 0, any, 0));
	REFUSED(csock_wait_or_wake(any, 0, NULL, 0));
}

static void test_protocol(void **state)
{
	(void)state;
	REFUSED(csock_protocol_probe(NULL));
}

static void test_reader(void **state)
{
	(void)state;
	REFUSED(csock_recv_until(NULL, any, 0, any, 0));
	REFUSED(csock_recv_until(any, NULL, 0, any, 0));
	REFUSED(csock_recv_until(any, any, 0, NULL, 0));
	REFUSED(csock_reader_recv(NULL, any, 0, 0));
	REFUSED(csock_reader_recv_all(NULL, any, 0, any, 0));
}

static void test_resolver(void **state)
{
	(void)state;
	REFUSED(csock_resolve(any, any, any, 0, NULL));
	REFUSED(csock_resolve_host(NULL, 0, 0, any));
	REFUSED(csock_resolve_host(any, 0, 0, NULL));
	REFUSED(csock_getnameinfo(NULL, 0, any, any));
	REFUSED(csock_getnameinfo(any, 0, NULL, any));
	REFUSED(csock_getnameinfo(any, 0, any, NULL));
	REFUSED(csock_gethostbyname(NULL, any));
	REFUSED(csock_gethostbyname(any, NULL));
	REFUSED(csock_gethostbyaddr(NULL, any));
	REFUSED(csock_gethostbyaddr(any, NULL));
	REFUSED(csock_getprotobyname(NULL));
	REFUSED(csock_getservbyname(NULL, any));
	REFUSED(csock_getservbyport(0, any, NULL));
	REFUSED(csock_gethostname(NULL));
	REFUSED(csock_sethostname(NULL, 0));
}

static void test_socket(void **state)
{
	(void)state;
	REFUSED(csock_open(NULL, 0, 0, 0));
	REFUSED(csock_open_pair(NULL, any, 0, 0, 0));
	REFUSED(csock_open_pair(any, NULL, 0, 0, 0));
	REFUSED(csock_adopt(NULL, 0, 0, 0, 0));
	REFUSED(csock_close(NULL));
	REFUSED(csock_close_wait(NULL, 0));
	REFUSED(csock_move(NULL, any));
	REFUSED(csock_move(any, NULL));
	REFUSED(csock_duplicate(NULL, any));
	REFUSED(csock_duplicate(any, NULL));
	REFUSED(csock_descriptor_duplicate(0, NULL));
	REFUSED(csock_descriptor_file_id(0, NULL));
	REFUSED(csock_get_inheritable(NULL));
	REFUSED(csock_set_inheritable(NULL, 0));
	REFUSED(csock_set_blocking(NULL, 0));
	REFUSED(csock_bind(NULL, any));
	REFUSED(csock_bind(any, NULL));
	REFUSED(csock_listen(NULL, 0));
	REFUSED(csock_accept(NULL, any, any, 0, 0));
	REFUSED(csock_accept(any, NULL, any, 0, 0));
	REFUSED(csock_connect(NULL, any, 0));
	REFUSED(csock_connect(any, NULL, 0));
	REFUSED(csock_shutdown(NULL, 0));
	REFUSED(csock_getsockname(NULL, any));
	REFUSED(csock_getsockname(any, NULL));
	REFUSED(csock_getpeername(NULL, any));
	REFUSED(csock_getpeername(any, NULL));
}

static void test_stream(void **state)
{
	(void)state;
	REFUSED(csock_connect_to(NULL, any, any, 0));
	REFUSED(csock_connect_to(any, any, NULL, 0));
	REFUSED(csock_connect_any(NULL, any, 0, 0));
	REFUSED(csock_connect_any(any, NULL, 0, 0));
	REFUSED(csock_listen_on(NULL, any, any, any, 0));
}

static void test_transfer(void **state)
{
	(void)state;
	REFUSED(csock_recv(NULL, any, 0, 0, 0));
	REFUSED(csock_recvfrom(NULL, any, 0, 0, any, 0));
	REFUSED(csock_recvfrom(any, any, 0, 0, NULL, 0));
	REFUSED(csock_send(NULL, any, 0, 0, 0));
	REFUSED(csock_sendto(NULL, any, 0, 0, any, 0));
	REFUSED(csock_send_all(NULL, any, 0, 0, any, 0));
	REFUSED(csock_recv_all(NULL, any, 0, 0, any, 0));
	REFUSED(csock_send_file(NULL, 0, any, 0, 0));
	REFUSED(csock_send_file(any, 0, NULL, 0, 0));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_address),   cmocka_unit_test(test_alg),
		cmocka_unit_test(test_batch),     cmocka_unit_test(test_inet),
		cmocka_unit_test(test_interface), cmocka_unit_test(test_message),
		cmocka_unit_test(test_multicast), cmocka_unit_test(test_option),
		cmocka_unit_test(test_poll),      cmocka_unit_test(test_protocol),
		cmocka_unit_test(test_reader),    cmocka_unit_test(test_resolver),
		cmocka_unit_test(test_socket),    cmocka_unit_test(test_stream),
		cmocka_unit_test(test_transfer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
