"""All rows, in the order of the table."""

from rows_batches import BATCHES
from rows_calls import CONNECTIONS, MESSAGES, QUESTIONS
from rows_interpreter import MEMORY, START
from rows_scaling import MESSAGE_SIZES, OPEN_SOCKETS
from rows_starvation import STARVATION
from rows_waiting import READERS, THREADS

GROUPS = {
    "Messages, one thread, data ready": MESSAGES,
    "Connections": CONNECTIONS,
    "Questions": QUESTIONS,
    "Readers that wait": READERS,
    "Threads": THREADS,
    "Beside busy threads": STARVATION,
    "Batches of datagrams": BATCHES,
    "Message sizes": MESSAGE_SIZES,
    "Open sockets": OPEN_SOCKETS,
    "Import": START,
    "Memory": MEMORY,
}

ROWS = {row.title: row for group in GROUPS.values() for row in group}
