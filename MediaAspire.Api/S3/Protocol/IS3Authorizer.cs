using MediaAspire.Core.Buckets;
using MediaAspire.Core.Multipart;
using MediaAspire.Core.Objects;

namespace MediaAspire.Api.S3.Protocol;

/// <summary>Decides whether a sender may perform an action.</summary>
internal interface IS3Authorizer
{
    /// <summary>Allows an action on a bucket, or on a key in it independently of the object there.</summary>
    /// <param name="request">The request, for its sender and headers.</param>
    /// <param name="action">The action's name in policies, such as <c>s3:PutObject</c>.</param>
    /// <param name="bucket">The bucket; not always the request's own, as when an object is copied.</param>
    /// <param name="key">The key; <see langword="null"/> for the bucket itself.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="S3Exception">The sender may not.</exception>
    /// <exception cref="ArgumentException">The action is on an existing object; see <see cref="AuthorizeObject"/>.</exception>
    ValueTask AuthorizeAsync(S3Request request, string action, Bucket bucket, string? key, CancellationToken cancellationToken);

    /// <summary>Allows an action on an existing object, as far as that can be decided before the object is read.</summary>
    /// <param name="request">The request, for its sender and headers.</param>
    /// <param name="action">The action's name in policies, such as <c>s3:GetObject</c>.</param>
    /// <param name="bucket">The bucket; not always the request's own, as when an object is copied.</param>
    /// <param name="key">The object's key.</param>
    /// <returns>The rest of the decision, which the look-up of the object makes.</returns>
    /// <exception cref="S3Exception">The sender is not allowed the action on any object.</exception>
    /// <exception cref="ArgumentException">The action is not on an existing object; see <see cref="AuthorizeAsync"/>.</exception>
    ObjectCheck AuthorizeObject(S3Request request, string action, Bucket bucket, string key);

    /// <summary>Refuses a sender that no key, object or condition can allow any of some actions, before its document is read.</summary>
    /// <param name="request">The request, for its sender and bucket.</param>
    /// <param name="actions">The names of the actions in policies, such as <c>s3:DeleteObject</c>.</param>
    /// <remarks>A sender that passes is not allowed anything yet.</remarks>
    /// <exception cref="S3Exception">The sender may not.</exception>
    void RequirePossible(S3Request request, params ReadOnlySpan<string> actions);

    /// <summary>Allows an action on an object that the request is about to write to its bucket, and that has no owner yet.</summary>
    /// <exception cref="S3Exception">The sender may not.</exception>
    void AuthorizeNew(S3Request request, string action, string key);

    /// <summary>Allows an action on an upload in parts. Its initiator is allowed it unless the bucket's policy denies it.</summary>
    /// <param name="request">The request, for its sender, bucket and key.</param>
    /// <param name="action">The action's name in policies, such as <c>s3:AbortMultipartUpload</c>.</param>
    /// <param name="upload">
    /// The upload; <see langword="null"/> when it does not exist or no longer does: it may have been the sender's.
    /// </param>
    /// <exception cref="S3Exception">The sender may not.</exception>
    void AuthorizeUpload(S3Request request, string action, MultipartUpload? upload);

    /// <summary>Determines whether a sender may perform another action on a version that was found.</summary>
    bool Allows(S3Request request, string action, Bucket bucket, ObjectVersion version);
}
