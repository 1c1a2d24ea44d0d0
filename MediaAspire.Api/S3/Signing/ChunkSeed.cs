namespace MediaAspire.Api.S3.Signing;

/// <summary>The start of the chain of chunk signatures: the key, and the request's own signature, which the first one follows.</summary>
/// <param name="Key">The request's signing key.</param>
/// <param name="AccessKeyId">The id of the access key, for errors.</param>
/// <param name="Time">The request's time, <c>yyyyMMddTHHmmssZ</c>.</param>
/// <param name="Scope">The credential scope without the key id.</param>
/// <param name="Signature">64 hexadecimal characters.</param>
internal sealed record ChunkSeed(SigningKey Key, string AccessKeyId, string Time, string Scope, string Signature);
