using System.Collections.Immutable;
using MediaAspire.Core.ObjectStore;

namespace MediaAspire.Core.Media.Uploads;

/// <summary>The requests that upload a part of media.</summary>
/// <param name="Part">The part.</param>
/// <param name="PartSize">
/// The size of each request's body but the last, in bytes; <see langword="null"/> for a part that is put at once.
/// </param>
/// <param name="Requests">One request, or those of an upload in parts in the order of their numbers.</param>
public sealed record PartUpload(MediaPart Part, long? PartSize, ImmutableArray<PresignedRequest> Requests);
