using MediaAspire.Core.Ids;

namespace MediaAspire.Core.Cluster;

/// <summary>A virtual node: one of the points of a server on the ring.</summary>
/// <param name="Server">The server that owns the point.</param>
/// <param name="Point">Its place; points are ordered as unsigned numbers.</param>
public readonly record struct RingNode(ServerId Server, ulong Point);
