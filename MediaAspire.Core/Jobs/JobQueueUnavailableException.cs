namespace MediaAspire.Core.Jobs;

/// <summary>The engine that keeps the jobs cannot be reached, or refused the command.</summary>
public sealed class JobQueueUnavailableException(string message, Exception cause) : Exception(message, cause);
