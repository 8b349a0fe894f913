//! Schedules, shifts and what people change of them.

use serde::Serialize;
use utoipa::ToSchema;
use watchfire_core::oncall::{Finding, HandOff, Holder, Reason, Schedule, Shift};
use watchfire_engine::{Board, Feed, Lane, NewFeed, OverrideRow, Swap};

use super::At;

/// Somebody who is on call, and why.
#[derive(Serialize, ToSchema)]
#[schema(as = Holder)]
pub(crate) struct HolderDocument {
    login: String,
    /// layer, override or swap.
    reason: &'static str,
    /// The layer whose turn it is.
    layer: Option<String>,
    /// The override that counts.
    #[serde(rename = "override")]
    change: Option<String>,
    /// Whose place it took.
    instead_of: Vec<String>,
}

/// A span in which the same people are on call for the same reason; without holders it is a gap.
#[derive(Serialize, ToSchema)]
#[schema(as = Shift)]
pub(crate) struct ShiftDocument {
    from: At,
    /// Not included.
    until: At,
    holders: Vec<HolderDocument>,
}

/// When other people are on call next.
#[derive(Serialize, ToSchema)]
#[schema(as = HandOff)]
pub(crate) struct HandOffDocument {
    at: At,
    from: Vec<String>,
    to: Vec<String>,
}

/// A schedule over a span.
#[derive(Serialize, ToSchema)]
#[schema(as = Schedule)]
pub(crate) struct ScheduleDocument {
    id: String,
    title: String,
    /// The zone in which people read it.
    zone: String,
    /// Its layers in words, the later over the earlier.
    layers: Vec<String>,
    /// The shift of this moment, whole.
    now: ShiftDocument,
    /// Null if nobody else is on call within 400 days.
    next_hand_off: Option<HandOffDocument>,
    /// The shifts of the span, cut at its ends.
    shifts: Vec<ShiftDocument>,
}

/// All schedules over a span.
#[derive(Serialize, ToSchema)]
#[schema(as = OnCall)]
pub(crate) struct BoardDocument {
    from: At,
    until: At,
    schedules: Vec<ScheduleDocument>,
}

/// Somebody takes over for a while.
#[derive(Serialize, ToSchema)]
#[schema(as = Override)]
pub(crate) struct OverrideDocument {
    id: String,
    schedule: String,
    login: String,
    /// Null is everybody's place.
    instead_of: Option<String>,
    from: At,
    until: At,
    reason: String,
    made_by: String,
    made_at: At,
    /// The swap of which it is half.
    swap: Option<String>,
    /// When it was ended before its time.
    ended_at: Option<At>,
    ended_by: Option<String>,
}

/// The overrides of a span, in the order in which they were made.
#[derive(Serialize, ToSchema)]
pub(crate) struct OverrideList {
    items: Vec<OverrideDocument>,
    next: Option<String>,
}

/// Two people exchange spans of a schedule.
#[derive(Serialize, ToSchema)]
#[schema(as = Swap)]
pub(crate) struct SwapDocument {
    id: String,
    schedule: String,
    offered_by: String,
    offered_to: String,
    give_from: At,
    give_until: At,
    take_from: At,
    take_until: At,
    reason: String,
    /// offered, accepted, declined or withdrawn.
    state: &'static str,
    offered_at: At,
    settled_at: Option<At>,
}

/// Swaps, the newest first.
#[derive(Serialize, ToSchema)]
pub(crate) struct SwapList {
    items: Vec<SwapDocument>,
    next: Option<String>,
}

/// A calendar feed; the secret part of its address is kept nowhere.
#[derive(Serialize, ToSchema)]
#[schema(as = CalendarFeed)]
pub(crate) struct FeedDocument {
    id: String,
    schedule: Option<String>,
    login: Option<String>,
    made_by: String,
    made_at: At,
    read_at: Option<At>,
}

/// A feed just made.
#[derive(Serialize, ToSchema)]
#[schema(as = NewCalendarFeed)]
pub(crate) struct NewFeedDocument {
    #[serde(flatten)]
    feed: FeedDocument,
    /// Shown this once.
    address: String,
}

/// Feeds, the newest first.
#[derive(Serialize, ToSchema)]
pub(crate) struct FeedList {
    items: Vec<FeedDocument>,
    next: Option<String>,
}

/// What is wrong with a schedule.
#[derive(Serialize, ToSchema)]
#[schema(as = OnCallFinding)]
pub(crate) struct FindingDocument {
    /// A schedule, or what else of the plans it is about: `notice legal`, `rule leaked-secret`, `stakeholders security`.
    schedule: String,
    /// nobody, gap, unknown_person, disabled_person, empty_group, unreachable_person, skipped_hand_off, nobody_told,
    /// nobody_answers or no_channel.
    flaw: &'static str,
    at: Option<At>,
    /// In a sentence.
    detail: String,
}

/// What is wrong with all schedules; empty is well.
#[derive(Serialize, ToSchema)]
pub(crate) struct FindingList {
    items: Vec<FindingDocument>,
    next: Option<String>,
}

fn holder(schedule: &Schedule, holder: Holder) -> HolderDocument {
    match holder.reason {
        Reason::Layer { layer, .. } => HolderDocument {
            login: holder.login,
            reason: "layer",
            layer: schedule.layers.get(layer).map(|layer| layer.name.clone()),
            change: None,
            instead_of: Vec::new(),
        },
        Reason::Override { id, is_swap, instead_of } => HolderDocument {
            login: holder.login,
            reason: if is_swap { "swap" } else { "override" },
            layer: None,
            change: Some(id),
            instead_of,
        },
    }
}

fn shift(schedule: &Schedule, shift: Shift) -> ShiftDocument {
    let holders = shift.holders.into_iter().map(|one| holder(schedule, one)).collect();
    ShiftDocument { from: At(shift.from), until: At(shift.until), holders }
}

impl From<HandOff> for HandOffDocument {
    fn from(next: HandOff) -> Self {
        Self { at: At(next.at), from: next.from, to: next.to }
    }
}

impl From<Lane> for ScheduleDocument {
    fn from(lane: Lane) -> Self {
        let schedule = lane.schedule;
        Self {
            now: shift(&schedule, lane.current),
            next_hand_off: lane.next.map(HandOffDocument::from),
            shifts: lane.shifts.into_iter().map(|one| shift(&schedule, one)).collect(),
            zone: schedule.zone.iana_name().unwrap_or("UTC").to_owned(),
            layers: schedule.layers.iter().map(|layer| format!("{}: {}", layer.name, layer.rule())).collect(),
            id: schedule.id,
            title: schedule.title,
        }
    }
}

impl From<Board> for BoardDocument {
    fn from(board: Board) -> Self {
        let schedules = board.lanes.into_iter().map(ScheduleDocument::from).collect();
        Self { from: At(board.from), until: At(board.until), schedules }
    }
}

impl From<OverrideRow> for OverrideDocument {
    fn from(row: OverrideRow) -> Self {
        Self {
            id: row.id,
            schedule: row.schedule,
            login: row.login,
            instead_of: row.instead_of,
            from: At(row.from),
            until: At(row.until),
            reason: row.reason,
            made_by: row.made_by,
            made_at: At(row.made_at),
            swap: row.swap,
            ended_at: row.ended_at.map(At),
            ended_by: row.ended_by,
        }
    }
}

impl From<Vec<OverrideRow>> for OverrideList {
    fn from(rows: Vec<OverrideRow>) -> Self {
        Self { items: rows.into_iter().map(OverrideDocument::from).collect(), next: None }
    }
}

impl From<Swap> for SwapDocument {
    fn from(swap: Swap) -> Self {
        Self {
            id: swap.id,
            schedule: swap.schedule,
            offered_by: swap.offered_by,
            offered_to: swap.offered_to,
            give_from: At(swap.give.0),
            give_until: At(swap.give.1),
            take_from: At(swap.take.0),
            take_until: At(swap.take.1),
            reason: swap.reason,
            state: swap.state.as_str(),
            offered_at: At(swap.offered_at),
            settled_at: swap.settled_at.map(At),
        }
    }
}

impl From<Vec<Swap>> for SwapList {
    fn from(swaps: Vec<Swap>) -> Self {
        Self { items: swaps.into_iter().map(SwapDocument::from).collect(), next: None }
    }
}

impl From<Feed> for FeedDocument {
    fn from(feed: Feed) -> Self {
        Self {
            id: feed.id,
            schedule: feed.schedule,
            login: feed.login,
            made_by: feed.made_by,
            made_at: At(feed.made_at),
            read_at: feed.read_at.map(At),
        }
    }
}

impl From<NewFeed> for NewFeedDocument {
    fn from(new: NewFeed) -> Self {
        Self { feed: new.feed.into(), address: new.address }
    }
}

impl From<Vec<Feed>> for FeedList {
    fn from(feeds: Vec<Feed>) -> Self {
        Self { items: feeds.into_iter().map(FeedDocument::from).collect(), next: None }
    }
}

impl From<Vec<Finding>> for FindingList {
    fn from(findings: Vec<Finding>) -> Self {
        let items = findings.into_iter().map(|finding| FindingDocument {
            flaw: finding.flaw.word(),
            at: finding.flaw.at().map(At),
            detail: finding.flaw.to_string(),
            schedule: finding.schedule,
        });
        Self { items: items.collect(), next: None }
    }
}
