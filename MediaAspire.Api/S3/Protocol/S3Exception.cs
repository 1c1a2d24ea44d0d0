namespace MediaAspire.Api.S3.Protocol;

/// <summary>Ends a request with an S3 error, at any point of the request, even in the middle of its body.</summary>
internal sealed class S3Exception(S3Error error, Exception? innerException = null)
    : Exception($"{error.Code}: {error.Message}", innerException)
{
    public S3Error Error { get; } = error;
}
