/**
 * The whole public interface of libcsocket. Each header is the manual of its subject.
 */
/* SPDX-License-Identifier: MIT */
#ifndef CSOCKET_CSOCKET_H
#define CSOCKET_CSOCKET_H

#include "csocket/address.h"
#include "csocket/alg.h"
#include "csocket/batch.h"
#include "csocket/binding.h"
#include "csocket/constants.h"
#include "csocket/deadline.h"
#include "csocket/inet.h"
#include "csocket/interface.h"
#include "csocket/message.h"
#include "csocket/multicast.h"
#include "csocket/option.h"
#include "csocket/poll.h"
#include "csocket/protocol.h"
#include "csocket/reader.h"
#include "csocket/resolver.h"
#include "csocket/socket.h"
#include "csocket/status.h"
#include "csocket/stream.h"
#include "csocket/system.h"
#include "csocket/transfer.h"
#include "csocket/value.h"
#include "csocket/version.h"

#endif
