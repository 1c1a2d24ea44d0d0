using System.Xml;

namespace MediaAspire.Api.S3.Protocol;

/// <summary>The owners of keys, buckets and objects.</summary>
internal interface IS3Owners
{
    /// <summary>Finds an owner by the canonical id; an owner without a key has its id as its name.</summary>
    ValueTask<S3Owner> FindAsync(string ownerId, CancellationToken cancellationToken);

    /// <summary>Finds an owner that has a key.</summary>
    /// <returns><see langword="null"/> when no owner has the id.</returns>
    ValueTask<S3Owner?> FindKnownAsync(string ownerId, CancellationToken cancellationToken);
}

/// <param name="Id">The canonical id.</param>
/// <param name="DisplayName">The display name.</param>
internal sealed record S3Owner(string Id, string DisplayName);

internal static class S3OwnerXml
{
    /// <summary>Writes an owner as an element with the given name: <c>Owner</c>, <c>Initiator</c>.</summary>
    public static void Owner(this XmlWriter xml, string name, S3Owner owner) => xml.Element(name, element =>
    {
        element.Element("ID", owner.Id);
        element.Element("DisplayName", owner.DisplayName);
    });
}
