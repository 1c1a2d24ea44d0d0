namespace MediaAspire.Api.S3.Signing;

/// <summary>What the signatures of a body's chunks are made with, and the request's own signature that the first follows.</summary>
/// <param name="Key">The request's signing key.</param>
/// <param name="AccessKeyId">Named in errors.</param>
/// <param name="Time">The request's time, <c>yyyyMMddTHHmmssZ</c>.</param>
/// <param name="Scope">The credential scope without the key id.</param>
/// <param name="Signature">64 hexadecimal characters.</param>
internal sealed record ChunkSeed(SigningKey Key, string AccessKeyId, string Time, string Scope, string Signature);
