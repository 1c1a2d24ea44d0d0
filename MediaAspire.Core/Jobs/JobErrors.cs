namespace MediaAspire.Core.Jobs;

/// <summary>The failures that the queue itself records.</summary>
internal static class JobErrors
{
    public const string WorkerDied = "The worker that made the last attempt died, or hung until its lease expired.";
}
