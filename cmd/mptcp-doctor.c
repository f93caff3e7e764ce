/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mptcp-doctor: is everything that the tools need there? See mptcp-doctor(1). */
#include "doctor.h"
#include "tool.h"

enum { DOCTOR_CHECK, DOCTOR_STATE, DOCTOR_FOUND, DOCTOR_REMEDY, DOCTOR_COLUMNS };

static const struct mptcp_table_column columns[] = {
	[DOCTOR_CHECK] = {"check", MPTCP_CELL_TEXT, 1, "", "what was checked"},
	[DOCTOR_STATE] = {"state", MPTCP_CELL_TEXT | MPTCP_CELL_MARKED, 1, "",
		"ok; note: something is limited; failed: something does not work"},
	[DOCTOR_FOUND] = {"found", MPTCP_CELL_TEXT, 3, "", "what was found"},
	[DOCTOR_REMEDY] = {"remedy", MPTCP_CELL_TEXT, 2, "", "what to do about it"},
};
_Static_assert(sizeof(columns) / sizeof(*columns) == DOCTOR_COLUMNS, "every column described");

static const struct mptcp_tool tool = {
	.name = "mptcp-doctor",
	.purpose = "check that everything the tools need is present",
	.operands = "",
	.groups = MPTCP_GROUP_TABLE,
	.columns = columns,
	.column_count = DOCTOR_COLUMNS,
};

static void put_row(void *context, const struct doctor_check *check)
{
	struct mptcp_table *table = context;

	mptcp_table_string(table, DOCTOR_CHECK, check->name);
	mptcp_table_string(table, DOCTOR_STATE, mptcp_check_state_name(check->state));
	mptcp_table_string(table, DOCTOR_FOUND, check->found.bytes);
	mptcp_table_string(table, DOCTOR_REMEDY, check->remedy);
	mptcp_table_end_row(table);
}

int main(int argc, char **argv)
{
	const char *operand;
	struct tool_run run;

	if (!tool_start(&run, &tool, argc, argv, NULL))
		return run.status;
	if (run.settings.operand_count) {
		operand = run.settings.operands[0];
		mptcp_opt_unexpected(operand, &run.error);
		tool_report(&run);
	} else if (!tool_open_table(&run) &&
		mptcp_doctor(&run.settings.input, run.settings.config, put_row, run.table)) {
		run.status = MPTCP_PROGRAM;
		run.result_stands = true;
	}
	return tool_finish(&run);
}
