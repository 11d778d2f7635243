//! Codecs of the acquisition terminals (用电信息采集终端): 376.1, 645 and 698.45 frames and the
//! meter-day codec. No I/O and no clock. The codecs come with the acquisition capability; the crate
//! exists so that dependencies point the right way from the first day.
