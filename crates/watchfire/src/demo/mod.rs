//! The practice incident of `serve --demo`: a story told by real deliveries to the server's own intake and by the same
//! engine calls that people make. Everything in it is invented and marked as a drill.

mod payload;
mod play;
mod sender;

pub(crate) use play::play;
