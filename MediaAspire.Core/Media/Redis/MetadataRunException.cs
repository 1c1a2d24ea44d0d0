namespace MediaAspire.Core.Media.Redis;

/// <summary>The exception that a run cannot go on. Its message is a sentence for operators.</summary>
public sealed class MetadataRunException : Exception
{
    public MetadataRunException(string message)
        : base(message)
    {
    }

    public MetadataRunException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
