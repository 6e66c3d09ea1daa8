/*
 * Look-ups until a deadline, over a resolver that answers when the test lets it.
 */
#include <errno.h>
#include <netinet/in.h>
#include <pthread.h>
#include <semaphore.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support.h"

#define SHORT (20 * MILLISECOND)
#define GIVEN_UP_MAX 64

/* The fake resolver: how often it was asked, and how often it may answer. */
static sem_t asked, may_answer;
static int code, freed;
static struct sockaddr_in answer = {.sin_family = AF_INET, .sin_addr.s_addr = 0x0100007f};
static struct addrinfo entry = {
	.ai_family = AF_INET,
	.ai_socktype = SOCK_STREAM,
	.ai_addrlen = sizeof answer,
	.ai_addr = (struct sockaddr *)&answer,
};

static void wait_for(sem_t *semaphore)
{
	while (sem_wait(semaphore) < 0)
		assert_int_equal(errno, EINTR);
}

int getaddrinfo(const char *restrict host, const char *restrict service,
		const struct addrinfo *restrict hints, struct addrinfo **restrict list)
{
	(void)hints;
	assert_string_equal(host, "slow.example");
	assert_true(!service || strcmp(service, "80") == 0);
	sem_post(&asked);
	wait_for(&may_answer);
	errno = EPERM;
	if (code == 0)
		*list = &entry;
	return code;
}

void freeaddrinfo(struct addrinfo *list)
{
	assert_ptr_equal(list, &entry);
	(void)__atomic_add_fetch(&freed, 1, __ATOMIC_SEQ_CST);
}

static int setup(void **state)
{
	(void)state;
	code = freed = 0;
	return sem_init(&asked, 0, 0) | sem_init(&may_answer, 0, 0);
}

static int64_t after(int64_t nanoseconds)
{
	return csock_deadline_after(nanoseconds);
}

static int look_up(int64_t deadline)
{
	struct csock_resolution *resolution;
	int status = csock_resolve("slow.example", "80", NULL, deadline, &resolution);

	if (status == 0)
		csock_resolution_free(resolution);
	return status;
}

/* Lets look-ups that were given up end, and waits until they have freed what they held. */
static void let_end(int count)
{
	int before = __atomic_load_n(&freed, __ATOMIC_SEQ_CST);

	for (int i = 0; i < count; i++)
		sem_post(&may_answer);
	while (__atomic_load_n(&freed, __ATOMIC_SEQ_CST) < before + count)
		pause_for(MILLISECOND);
}

static void test_an_answer_in_time(void **state)
{
	int before = count_descriptors();

	(void)state;
	sem_post(&may_answer);
	assert_int_equal(look_up(after(10 * CSOCK_SECOND)), 0);
	assert_int_equal(freed, 1);
	assert_int_equal(count_descriptors(), before);
}

static void test_failures(void **state)
{
	(void)state;
	code = EAI_NONAME;
	sem_post(&may_answer);
	int status = look_up(after(10 * CSOCK_SECOND));
	assert_domain(status, CSOCK_RESOLVER);
	assert_int_equal(csock_status_code(status), EAI_NONAME);
	code = EAI_SYSTEM;
	sem_post(&may_answer);
	assert_errno(look_up(after(10 * CSOCK_SECOND)), EPERM);
}

static void test_no_answer(void **state)
{
	struct csock_addr addr;
	int64_t start = csock_clock();

	(void)state;
	assert_domain(look_up(after(SHORT)), CSOCK_TIMEOUT);
	assert_domain(csock_resolve_host("slow.example", AF_INET, after(SHORT), &addr),
		      CSOCK_TIMEOUT);
	assert_domain(look_up(start), CSOCK_TIMEOUT);
	assert_true(csock_clock() - start >= 2 * SHORT);
	let_end(3);
}

static void test_one_deadline_for_all(void **state)
{
	struct csock_socket sock = CSOCK_SOCKET_INIT;

	(void)state;
	assert_domain(csock_connect_to(&sock, "slow.example", "80", after(SHORT)), CSOCK_TIMEOUT);
	assert_int_equal(csock_fd(&sock), CSOCK_NO_HANDLE);
	let_end(1);
}

static void test_signals_do_not_end_it(void **state)
{
	int64_t start = csock_clock();

	(void)state;
	interrupt_every(MILLISECOND);
	int status = look_up(after(5 * SHORT));
	interrupt_every(0);
	assert_domain(status, CSOCK_TIMEOUT);
	assert_true(csock_clock() - start >= 5 * SHORT);
	let_end(1);
}

static void *look_up_for_ever(void *arg)
{
	(void)look_up(after(1000 * CSOCK_SECOND));
	return arg;
}

static void test_a_thread_that_is_cancelled(void **state)
{
	pthread_t thread;
	void *result;

	(void)state;
	assert_int_equal(pthread_create(&thread, NULL, look_up_for_ever, NULL), 0);
	wait_for(&asked);
	assert_int_equal(pthread_cancel(thread), 0);
	assert_int_equal(pthread_join(thread, &result), 0);
	assert_ptr_equal(result, PTHREAD_CANCELED);
	let_end(1);
}

static int look_up_without_descriptors(void)
{
	struct rlimit limit, none;

	assert_int_equal(getrlimit(RLIMIT_NOFILE, &limit), 0);
	none = (struct rlimit){.rlim_max = limit.rlim_max};
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
	int status = look_up(after(CSOCK_SECOND));
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &limit), 0);
	return status;
}

/*
 * In the child the parent's look-ups do not count. TSan lets it start no thread, so it comes just
 * before that.
 */
static void assert_child_may_ask(void)
{
	int status;
	pid_t child = fork();

	if (child == 0) {
		status = look_up_without_descriptors();
		_exit(csock_status_domain(status) == CSOCK_SYSTEM ? 0 : 1);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
}

static void test_the_bound(void **state)
{
	(void)state;
	for (int i = 0; i < GIVEN_UP_MAX; i++)
		assert_domain(look_up(after(MILLISECOND)), CSOCK_TIMEOUT);
	int status = look_up(after(CSOCK_SECOND));
	assert_domain(status, CSOCK_RESOLVER);
	assert_int_equal(csock_status_code(status), EAI_AGAIN);
	assert_child_may_ask();
	let_end(GIVEN_UP_MAX);
	sem_post(&may_answer);
	assert_int_equal(look_up(after(10 * CSOCK_SECOND)), 0);
}

static void test_no_descriptor_left(void **state)
{
	(void)state;
	assert_errno(look_up_without_descriptors(), EMFILE);
}

#define WITH_RESOLVER(test) cmocka_unit_test_setup(test, setup)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_RESOLVER(test_an_answer_in_time),
		WITH_RESOLVER(test_failures),
		WITH_RESOLVER(test_no_answer),
		WITH_RESOLVER(test_one_deadline_for_all),
		WITH_RESOLVER(test_signals_do_not_end_it),
		WITH_RESOLVER(test_a_thread_that_is_cancelled),
		WITH_RESOLVER(test_the_bound),
		WITH_RESOLVER(test_no_descriptor_left),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
