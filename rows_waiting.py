"""Readers that really wait: for another process, or for another thread."""

import contextlib
import os
import signal
import threading
import time

from asked import AtMostMore, Faster, NearC
from loops import bare, call
from row import Row, statement
