/*
 * A resolver that answers when the test lets it, in place of the system's.
 */
#include "slow_resolver.h"

#include <errno.h>
#include <semaphore.h>
#include <string.h>

int answer_code;

/* How often it was asked, and how often it may answer. */
static sem_t asked, may_answer;
static int freed;
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
	if (answer_code == 0)
		*list = &entry;
	return answer_code;
}

void freeaddrinfo(struct addrinfo *list)
{
	assert_ptr_equal(list, &entry);
	(void)__atomic_add_fetch(&freed, 1, __ATOMIC_SEQ_CST);
}

int reset_resolver(void **state)
{
	(void)state;
	answer_code = freed = 0;
	return sem_init(&asked, 0, 0) | sem_init(&may_answer, 0, 0);
}

void let_answer(void)
{
	sem_post(&may_answer);
}

void wait_until_asked(void)
{
	wait_for(&asked);
}

int count_freed(void)
{
	return __atomic_load_n(&freed, __ATOMIC_SEQ_CST);
}

int64_t after(int64_t nanoseconds)
{
	return csock_deadline_after(nanoseconds);
}

int look_up(int64_t deadline)
{
	struct csock_resolution *resolution;
	int status = csock_resolve("slow.example", "80", NULL, deadline, &resolution);

	if (status == 0)
		csock_resolution_free(resolution);
	return status;
}

void let_end(int count)
{
	int before = count_freed();

	for (int i = 0; i < count; i++)
		sem_post(&may_answer);
	while (count_freed() < before + count)
		pause_for(MILLISECOND);
}
