//! Single stories that thousands of random ones would not tell.
