/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * trust: what root believes. Programs, plots and the configuration are looked for in folders of
 * whoever is at work; with the HOME of another user, as sudo may leave it, root would run what that
 * user says.
 */
#ifndef MPTCP_TRUST_H
#define MPTCP_TRUST_H

/*
 * What speaks against a file, in words that follow its name: as root, that it or its folder belongs
 * to another user than root and the owner of the running program, or that others can write there.
 * NULL for nothing, for a file that is not there, and whenever this process is not root.
 */
const char *mptcp_trust_fault(const char *path);

#endif
