//! The nouns, states and laws of incident response, without IO, clock or chance.
