using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using MediaAspire.Core.Ids;

namespace MediaAspire.Core.Jobs;

/// <summary>
/// A kind of job and the type of its payload. One static instance a kind, shared by the code that enqueues and the handler.
/// </summary>
/// <param name="Name">In kebab-case, 1 to 60 characters of a-z, 0-9 and hyphen; the queue stores it, so it never changes.</param>
/// <param name="PayloadType">Of a source-generated <see cref="System.Text.Json.Serialization.JsonSerializerContext"/>.</param>
public sealed record JobKind<TPayload>(string Name, JsonTypeInfo<TPayload> PayloadType)
{
    /// <summary>Makes a job that belongs to the current trace.</summary>
    public NewJob Create(TPayload payload, TimeProvider time) =>
        new(JobId.New(time), Name, JsonSerializer.SerializeToUtf8Bytes(payload, PayloadType)) { TraceParent = Activity.Current?.Id };

    /// <exception cref="JsonException">The payload is not one of this kind.</exception>
    public TPayload Read(ReadOnlyMemory<byte> payload) =>
        JsonSerializer.Deserialize(payload.Span, PayloadType) ?? throw new JsonException($"The payload of a job \"{Name}\" is null.");
}
