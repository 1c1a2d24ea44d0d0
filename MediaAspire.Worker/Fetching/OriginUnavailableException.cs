namespace MediaAspire.Worker.Fetching;

/// <summary>An origin did not answer. The job tries it again.</summary>
internal sealed class OriginUnavailableException(string message) : Exception(message);
