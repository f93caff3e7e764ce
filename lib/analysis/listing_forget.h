/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * listing_forget: lets go of what ended long ago, so that a listing that follows a live capture for
 * hours keeps its size.
 *
 * "Now" is the time of the newest packet in the listing: a capture that brings nothing makes
 * nothing grow either.
 */
#ifndef MPTCP_LISTING_FORGET_H
#define MPTCP_LISTING_FORGET_H

#include "listing.h"

/* A connection that has ended is forgotten so many nanoseconds after its last packet ... */
#define MPTCP_FORGET_ENDED (INT64_C(60) * 1000000000)
/* ... and any other after so many: its end was not captured, or it says nothing any more. */
#define MPTCP_FORGET_SILENT (INT64_C(3600) * 1000000000)

/*
 * After mptcp_listing_end, which has set the states. Connections go with all their subflows. A
 * packet that comes later all the same begins a connection without a handshake. MPTCP_IO when
 * memory ran out; the listing is not to be used then.
 */
int mptcp_listing_forget(struct mptcp_listing *listing, struct mptcp_error *error);

#endif
