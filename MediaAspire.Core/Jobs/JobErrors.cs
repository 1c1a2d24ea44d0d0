namespace MediaAspire.Core.Jobs;

/// <summary>Why a job failed, where the queue itself says so.</summary>
internal static class JobErrors
{
    public const string WorkerDied = "The worker that made the last attempt died, or hung until its lease expired.";
}
