using MediaAspire.Api.S3.Policies;
using MediaAspire.Api.S3.Protocol;
using MediaAspire.Core.Buckets;
using MediaAspire.Core.Multipart;
using MediaAspire.Core.Objects;

namespace MediaAspire.Api.S3.Access;

/// <summary>
/// Authorizes by the policy of the bucket and the lists of bucket and object. A denial by the policy outweighs everything.
/// </summary>
internal sealed class AccessAuthorizer(PolicyCache policies, AccessDocuments documents) : IS3Authorizer
{
    public ValueTask AuthorizeAsync(S3Request request, string action, Bucket bucket, string? key, CancellationToken cancellationToken)
    {
        if (AccessActions.IsOnObject(action))
        {
            throw new ArgumentException($"{action} depends on the object, which the look-up has to judge.", nameof(action));
        }

        DecideOnBucket(new(request, action, bucket, key), PolicyOf(bucket));
        return ValueTask.CompletedTask;
    }

    public ObjectCheck AuthorizeObject(S3Request request, string action, Bucket bucket, string key)
    {
        if (!AccessActions.IsOnObject(action))
        {
            throw new ArgumentException($"{action} does not depend on an object.", nameof(action));
        }

        // A denial that holds for every object is known before the look-up.
        var policy = PolicyOf(bucket);
        var question = new PolicyQuestion(request, action, bucket, key);
        return policy is { UsesObjectTags: false } && policy.Evaluate(question) == PolicyVerdict.Deny
            ? throw S3Errors.AccessDenied().ToException()
            : new VersionCheck(this, question, policy, key);
    }

    public void RequirePossible(S3Request request, params ReadOnlySpan<string> actions)
    {
        var policy = PolicyOf(request.Bucket);
        foreach (var action in actions)
        {
            if (IsPossible(request, action, policy))
            {
                return;
            }
        }

        throw S3Errors.AccessDenied().ToException();
    }

    public void AuthorizeNew(S3Request request, string action, string key) =>
        DecideOnBucket(new(request, action, request.Bucket, key), PolicyOf(request.Bucket));

    public void AuthorizeUpload(S3Request request, string action, MultipartUpload? upload)
    {
        // That an id once named an upload reveals nothing to others, and an initiator that aborts twice must learn that the upload is gone.
        var isInitiator = request.Principal.OwnerId is { } sender && (upload is null || upload.InitiatorId == sender);
        DecideOnBucket(new(request, action, request.Bucket, request.Key), PolicyOf(request.Bucket), isInitiator);
    }

    public bool Allows(S3Request request, string action, Bucket bucket, ObjectVersion version) =>
        IsAllowed(new(request, action, bucket, version.Key) { Version = version }, PolicyOf(bucket), version);

    private BucketPolicy? PolicyOf(Bucket bucket) => bucket.Document(BucketDocument.Policy) is { } text ? policies.Get(text) : null;

    private void DecideOnBucket(PolicyQuestion question, BucketPolicy? policy, bool isInitiator = false)
    {
        var (bucket, sender) = (question.Bucket, question.Request.Principal.OwnerId);
        var isOwner = sender == bucket.OwnerId;
        switch (Ask(policy, question, isOwner))
        {
            case PolicyVerdict.Deny when !(isOwner && AccessActions.IsOnPolicy(question.Action)):
                throw S3Errors.AccessDenied().ToException();
            case PolicyVerdict.Allow:
            case PolicyVerdict.Silent when isInitiator:
                return;
        }

        var permission = AccessActions.OnBucket(question.Action);
        var json = bucket.Document(BucketDocument.Acl);
        if (isOwner && (permission == AclPermission.None || json is null || bucket.IgnoresLists()))
        {
            return;
        }

        if (permission == AclPermission.None || bucket.IgnoresLists() || !IsGranted(bucket, bucket.OwnerId, json, sender, permission))
        {
            throw S3Errors.AccessDenied().ToException();
        }
    }

    private bool IsAllowed(PolicyQuestion question, BucketPolicy? policy, ObjectVersion version)
    {
        var (bucket, sender) = (question.Bucket, question.Request.Principal.OwnerId);
        var isBucketOwner = sender == bucket.OwnerId;
        var owner = bucket.IgnoresLists() ? bucket.OwnerId : version.Attributes.OwnerId;
        switch (Ask(policy, question, isBucketOwner))
        {
            case PolicyVerdict.Deny:
                return false;

            // The owner of a bucket cannot give access to the objects of others.
            case PolicyVerdict.Allow when owner == bucket.OwnerId || AccessActions.IsOnLock(question.Action):
                return true;
        }

        if (AccessActions.IsOnLock(question.Action))
        {
            return isBucketOwner;
        }

        var permission = AccessActions.OnObject(question.Action);
        return permission == AclPermission.None ? sender is not null && (isBucketOwner || sender == owner)
            : bucket.IgnoresLists() ? isBucketOwner
            : IsGranted(bucket, owner, version.Attributes.Acl, sender, permission);
    }

    private bool IsPossible(S3Request request, string action, BucketPolicy? policy)
    {
        var (bucket, sender) = (request.Bucket, request.Principal.OwnerId);
        if (sender == bucket.OwnerId || policy?.MayAllow(sender, action, request.PolicyBudget) == true)
        {
            return true;
        }

        if (AccessActions.IsOnLock(action))
        {
            return false;
        }

        // The owner of an object is known only when the object is found.
        if (AccessActions.IsOnObject(action))
        {
            return !bucket.IgnoresLists() && (sender is not null || AccessActions.OnObject(action) != AclPermission.None);
        }

        var permission = AccessActions.OnBucket(action);
        return permission != AclPermission.None
            && !bucket.IgnoresLists()
            && IsGranted(bucket, bucket.OwnerId, bucket.Document(BucketDocument.Acl), sender, permission);
    }

    private PolicyVerdict Ask(BucketPolicy? policy, PolicyQuestion question, bool isBucketOwner)
    {
        var verdict = policy?.Evaluate(question) ?? PolicyVerdict.Silent;
        return verdict == PolicyVerdict.Allow
            && !isBucketOwner
            && policy!.IsPublic
            && documents.BlockOf(question.Bucket).RestrictPublicBuckets
            ? PolicyVerdict.Silent
            : verdict;
    }

    private bool IsGranted(Bucket bucket, string ownerId, string? json, string? sender, AclPermission permission) =>
        json is null
            ? sender == ownerId
            : documents.ListOf(ownerId, json).Allows(sender, permission, documents.BlockOf(bucket).IgnorePublicAcls);

    private sealed class VersionCheck(AccessAuthorizer authorizer, PolicyQuestion question, BucketPolicy? policy, string key)
        : ObjectCheck(question.Bucket, key)
    {
        public override void Judge(ObjectVersion found)
        {
            if (!authorizer.IsAllowed(question with { Version = found }, policy, found))
            {
                throw S3Errors.AccessDenied().ToException();
            }
        }
    }
}
