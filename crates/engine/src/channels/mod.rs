//! Channels: ways to reach people, set up by people, sent through from the outbox.

mod breaker;
mod configure;
mod deliver;
mod dispatch;
mod rooms;
mod view;

pub(crate) use breaker::Breakers;
pub(crate) use deliver::deliver;
pub(crate) use dispatch::CHANNEL_SEND;
pub use dispatch::{Dispatch, Way, dispatch};
pub use rooms::{IncidentRoom, RoomOffer};
pub use view::ChannelView;
