/* How each state of each record looks and is called. One table for the whole product, so that the
 * same state never has two tints; the word may differ by record, because in Russian and Spanish it
 * agrees with the record in gender: English keys carry {0}, the record, for a select there. */
#include "ui/ui.h"

/* clang-format off */
static const struct ui_state states[] = {
    {"accepted", UI_OK, M("{0, select, other {Accepted}}")},
    {"active", UI_OK, M("{0, select, other {Active}}")},
    {"agreed", UI_OK, M("{0, select, other {Agreed}}")},
    {"applied", UI_INFO, M("{0, select, other {Applied}}")},
    {"approved", UI_INFO, M("{0, select, other {Approved}}")},
    {"archived", UI_MUTE, M("{0, select, other {Archived}}")},
    {"awaiting", UI_WARN, M("{0, select, other {Awaiting}}")},
    {"banned", UI_BAD, M("{0, select, other {Banned}}")},
    {"blocked", UI_BAD, M("{0, select, other {Blocked}}")},
    {"calculated", UI_INFO, M("{0, select, other {Calculated}}")},
    {"calculating", UI_INFO, M("{0, select, other {Calculating}}")},
    {"cancelled", UI_MUTE, M("{0, select, other {Cancelled}}")},
    {"closed", UI_MUTE, M("{0, select, other {Closed}}")},
    {"deactivated", UI_MUTE, M("{0, select, other {Deactivated}}")},
    {"declined", UI_MUTE, M("{0, select, other {Declined}}")},
    {"denied", UI_BAD, M("{0, select, other {Denied}}")},
    {"disabled", UI_MUTE, M("{0, select, other {Disabled}}")},
    {"disputed", UI_BAD, M("{0, select, other {Disputed}}")},
    {"done", UI_OK, M("{0, select, other {Done}}")},
    {"draft", UI_MUTE, M("{0, select, other {Draft}}")},
    {"due", UI_INFO, M("{0, select, other {Due}}")},
    {"ended", UI_MUTE, M("{0, select, other {Ended}}")},
    {"excluded", UI_MUTE, M("{0, select, other {Excluded}}")},
    {"expired", UI_MUTE, M("{0, select, other {Expired}}")},
    {"failed", UI_BAD, M("{0, select, other {Failed}}")},
    {"fulfilled", UI_OK, M("{0, select, other {Fulfilled}}")},
    {"future", UI_OUTLINE, M("{0, select, other {Not yet in force}}")},
    {"held", UI_WARN, M("{0, select, other {On hold}}")},
    {"in_approval", UI_INFO, M("{0, select, other {In approval}}")},
    {"in_payment", UI_INFO, M("{0, select, other {In payment}}")},
    {"in_signature", UI_INFO, M("{0, select, other {In signature}}")},
    {"in_work", UI_INFO, M("{0, select, other {In work}}")},
    {"incomplete", UI_WARN, M("{0, select, other {Incomplete}}")},
    {"invited", UI_OUTLINE, M("{0, select, other {Invited}}")},
    {"locked", UI_WARN, M("{0, select, other {Locked}}")},
    {"lost", UI_MUTE, M("{0, select, other {Lost}}")},
    {"new", UI_OUTLINE, M("{0, select, other {New}}")},
    {"not_sent", UI_WARN, M("{0, select, other {Not sent}}")},
    {"open", UI_INFO, M("{0, select, other {Open}}")},
    {"paid", UI_OK, M("{0, select, other {Paid}}")},
    {"partly_disputed", UI_WARN, M("{0, select, other {Partly disputed}}")},
    {"partly_done", UI_WARN, M("{0, select, other {Done in part}}")},
    {"partly_executed", UI_WARN, M("{0, select, other {Partly executed}}")},
    {"pending", UI_MUTE, M("{0, select, other {Pending}}")},
    {"posted", UI_OK, M("{0, select, other {Posted}}")},
    {"prospect", UI_OUTLINE, M("{0, select, other {Prospect}}")},
    {"published", UI_OK, M("{0, select, other {Published}}")},
    {"qualified", UI_INFO, M("{0, select, other {Qualified}}")},
    {"rejected", UI_BAD, M("{0, select, other {Rejected}}")},
    {"retired", UI_MUTE, M("{0, select, other {Retired}}")},
    {"returned", UI_BAD, M("{0, select, other {Returned}}")},
    {"reversed", UI_BAD, M("{0, select, other {Reversed}}")},
    {"revised", UI_MUTE, M("{0, select, other {Revised}}")},
    {"revoked", UI_MUTE, M("{0, select, other {Revoked}}")},
    {"rolled_back", UI_MUTE, M("{0, select, other {Rolled back}}")},
    {"running", UI_INFO, M("{0, select, other {Running}}")},
    {"sent", UI_INFO, M("{0, select, other {Sent}}")},
    {"superseded", UI_MUTE, M("{0, select, other {Superseded}}")},
    {"suspended", UI_WARN, M("{0, select, other {Suspended}}")},
    {"terminated", UI_MUTE, M("{0, select, other {Terminated}}")},
    {"unknown", UI_WARN, M("{0, select, other {Unknown}}")},
    {"waiting", UI_MUTE, M("{0, select, other {Waiting}}")},
    {"withdrawn", UI_MUTE, M("{0, select, other {Withdrawn}}")},
    {"won", UI_OK, M("{0, select, other {Won}}")},
};
/* clang-format on */

static const struct ui_state *look_up(struct str state)
{
    size_t from = 0, to = LEN(states);
    while (from < to) {
        size_t mid = from + (to - from) / 2;
        int order = str_cmp(state, str_of(states[mid].state));
        if (order == 0)
            return &states[mid];
        if (order < 0)
            to = mid;
        else
            from = mid + 1;
    }
    return NULL;
}

const struct ui_state *ui_state_find(struct str state)
{
    const struct ui_state *found = look_up(state);
    assert(found && "the state is not in the table of ui_state.c");
    return found;
}

bool ui_state_exists(struct str state)
{
    return look_up(state) != NULL;
}

struct str ui_state_word(struct arena *arena, const struct lang *lang, const char *record,
                         struct str state)
{
    return i18n_format(arena, lang, ui_state_find(state)->label, record);
}
