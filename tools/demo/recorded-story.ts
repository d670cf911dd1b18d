/** What the demo shows of the recording. */

const CHECKPOINTS = 'flink/checkpoints/euw1';

/** An SST file of the first job called orders; the checkpoints of its two successors reference it too. */
export const SHARED_SST = `${CHECKPOINTS}/9468946f38e9d60efc7468a374aec04f/shared/426c7245-f48b-4df8-ae17-63414fad18a0`;
/** An upload of the job called customers that no completed checkpoint references. */
export const UNREFERENCED = `${CHECKPOINTS}/3427804292a3036918c263db21ece0a1/shared/20bc8763-0239-452e-a90b-9c4686146920`;
/** A file of a checkpoint that a job called payments had not completed when it was killed. */
export const UNFINISHED = `${CHECKPOINTS}/c3a8cc4b05f4582e965c5a8f34e39573/chk-11/7ab91355-347e-4c3a-8d1e-17d386a6f685`;
export const NEWEST_ORDERS = `${CHECKPOINTS}/c1eb53423df759dcb1cdfc3c6af16ca6/chk-15`;
/** A job whose checkpoints Flink deleted when it was cancelled. Nothing in the bucket shows that it has ended. */
export const CANCELLED_JOB = 'audit-log';
