namespace MediaAspire.Core.Media;

/// <summary>Brings the access control lists of objects in the object store in line with the items that hold them.</summary>
/// <remarks>
/// An object is public while any item that holds it is public and not in the trash. The database queues each object of which that may have
/// changed in the transaction of the change, so a crash forgets none: the duty <c>media-access</c> takes up what is left.
/// </remarks>
public interface IObjectAccess
{
    /// <summary>Applies what is queued for the objects of an item.</summary>
    /// <param name="item">The item as it was before or after the change; it may be deleted since.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>
    /// <see langword="false"/> when the object store did not answer; the duty tries again. Until then, objects may be readable as
    /// before.
    /// </returns>
    Task<bool> ApplyAsync(MediaItem item, CancellationToken cancellationToken);
}
