using System.Collections.Immutable;
using MediaAspire.Core.Ids;
using MediaAspire.Core.Media;

namespace MediaAspire.Tests.Media;

public sealed class ItemRulesTests
{
    private static readonly MediaSender s_owner = MediaSender.Of(new("a"));
    private static readonly MediaChange s_name = new() { Name = "new" };

    [Fact]
    public void Update_UnfitItem_IsRefusedWithItsReason()
    {
        var item = NewMedia.Of("a", "one");

        Assert.Equal(MediaRefusalReason.NotFound, Update(null));
        Assert.Equal(MediaRefusalReason.NotFound, Update(item with { RemovedAt = DateTimeOffset.UnixEpoch }));
        Assert.Equal(MediaRefusalReason.OwnerForbidden, Update(item with { Owner = new("b") }));
        Assert.Equal(MediaRefusalReason.Unlisted, Update(item with { IsUnlisted = true }));
        Assert.Equal(MediaRefusalReason.NotReady, Update(item with { Status = MediaStatus.Processing }));
        Assert.Equal(MediaRefusalReason.NotReady, Update(item with { Status = MediaStatus.Failed }));
        Assert.Equal(MediaRefusalReason.Immutable, Update(item with { IsImmutable = true }));
        Assert.Equal(MediaRefusalReason.VersionDiffers, Update(item with { Version = 3 }, 2));
        Assert.Null(Update(item with { Version = 3 }, 2, 3));

        MediaRefusalReason? Update(MediaItem? locked, params long[] versions) => ItemRules.Update(
            Set(locked is null ? [] : [locked]), locked?.Id ?? item.Id, s_owner, s_name, versions is [] ? null : versions)
            .Outcome.Refusal?.Reason;
    }

    [Fact]
    public void Update_AnonymousSender_IsNeverAllowed() =>
        Assert.Equal(
            MediaRefusalReason.OwnerForbidden, Reason(NewMedia.Of("a", "one"), (set, id) =>
                ItemRules.Update(set, id, MediaSender.Anonymous, s_name, null)));

    [Fact]
    public void Update_OwnCurrentAlias_ChangesNothing()
    {
        var item = NewMedia.Of("a", "one") with { Alias = new("x") };

        var decision = ItemRules.Update(Set(item), item.Id, s_owner, new() { Alias = new(new MediaAlias("x")) }, null);

        Assert.Same(item, decision.Outcome.Item);
        Assert.Empty(decision.Changed);
    }

    [Fact]
    public void Update_WithoutReferences_KeepsThem_as_the_origin_forgot()
    {
        var item = NewMedia.Of("a", "one") with { References = [MediaId.New(TimeProvider.System)] };

        Assert.Equal(item.References, ItemRules.Update(Set(item), item.Id, s_owner, s_name, null).Changed.Single().References);
    }

    [Fact]
    public void Update_UnfitReferences_AreRefusedWithEveryReason()
    {
        var item = NewMedia.Of("a", "one");
        var good = NewMedia.Of("a", "good") with { IsPublic = true };

        Assert.Empty(Check(good));
        Assert.Equal([ReferenceReason.OtherOwner], Check(good with { Owner = new("b") }));
        Assert.Equal([ReferenceReason.OtherOwner], Check(good with { RemovedAt = DateTimeOffset.UnixEpoch }));
        Assert.Equal([ReferenceReason.NotReady], Check(good with { Status = MediaStatus.Uploaded }));
        Assert.Equal([ReferenceReason.Nested], Check(good with { References = [item.Id] }));
        Assert.Equal([ReferenceReason.SpecialKind], Check(good with { Kind = MediaKind.Background }));
        Assert.Equal([ReferenceReason.Immutable], Check(good with { IsImmutable = true }));
        Assert.Equal([ReferenceReason.PrivateOrUnlisted], Check(good with { IsPublic = false }));
        Assert.Equal([ReferenceReason.PrivateOrUnlisted], Check(good with { IsUnlisted = true }));
        Assert.Equal([ReferenceReason.PrivateOrUnlisted], Check(good with { IsDirectOnly = true }));
        Assert.Equal([ReferenceReason.Temporary], Check(good with { IsTemporary = true }));
        Assert.Equal(
            [ReferenceReason.NotReady, ReferenceReason.Immutable, ReferenceReason.PrivateOrUnlisted],
            Check(good with { Status = MediaStatus.Failed, IsImmutable = true, IsPublic = false }));
        Assert.Equal(
            [ReferenceReason.ReferencedElsewhere], Check(good, new MediaReferrer(MediaId.New(TimeProvider.System), [good.Id])));
        Assert.Equal([ReferenceReason.Nested], Check(good, new MediaReferrer(MediaId.New(TimeProvider.System), [item.Id])));
        Assert.Empty(Check(good, new MediaReferrer(item.Id, [good.Id])));
        Assert.Equal([ReferenceReason.Itself], Faults(item, item.Id, Set(item)));
        Assert.Equal([ReferenceReason.OtherOwner], Faults(item, good.Id, Set(item)));

        ReferenceReason[] Check(MediaItem referenced, params MediaReferrer[] referrers) =>
            Faults(item, referenced.Id, Set(item, referenced) with { Referrers = referrers });

        static ReferenceReason[] Faults(MediaItem item, MediaId id, MediaSet set)
        {
            var decision = ItemRules.Update(set, item.Id, s_owner, new() { References = [id] }, null);
            Assert.Equal(decision.Outcome.Refusal is null, decision.Changed.Length == 1);
            return [.. decision.Outcome.Refusal?.References.Select(fault => fault.Reason) ?? []];
        }
    }

    [Fact]
    public void Update_ReferencesThatItHas_AreNotCheckedAgain()
    {
        var gone = MediaId.New(TimeProvider.System);
        var item = NewMedia.Of("a", "one") with { References = [gone] };

        Assert.Null(ItemRules.Update(Set(item), item.Id, s_owner, new() { References = [gone] }, null).Outcome.Refusal);
    }

    [Fact]
    public void Remove_ReferencedItem_ChangesNothingAndNamesTheReferrers()
    {
        var item = NewMedia.Of("a", "one") with { IsPublic = true };
        var referrer = MediaId.New(TimeProvider.System);
        var set = Set(item) with { Referrers = [new(referrer, [item.Id])] };

        foreach (var decision in new[]
        {
            ItemRules.Delete(set, item.Id, s_owner), ItemRules.MoveToTrash(set, item.Id, s_owner),
            ItemRules.SetAccess(set, item.Id, s_owner, isPublic: false),
            ItemRules.Update(set, item.Id, s_owner, new() { IsDirectOnly = true }, null),
        })
        {
            Assert.Equal(MediaRefusalReason.Referenced, decision.Outcome.Refusal?.Reason);
            Assert.Equal([referrer], decision.Outcome.Refusal!.Referrers.ToArray());
            Assert.Empty(decision.Changed);
            Assert.Empty(decision.Deleted);
        }
    }

    [Fact]
    public void Remove_UnfitItem_IsRefusedWithItsReason()
    {
        var item = NewMedia.Of("a", "one");

        Assert.Equal(MediaRefusalReason.Unlisted, Delete(item with { IsUnlisted = true }));
        Assert.Equal(MediaRefusalReason.Immutable, Delete(item with { IsImmutable = true }));
        Assert.Equal(MediaRefusalReason.OwnerForbidden, Delete(item with { Owner = new("b") }));
        Assert.Null(Delete(item with { Status = MediaStatus.Pending }));
        Assert.Null(Delete(item with { RemovedAt = DateTimeOffset.UnixEpoch }));

        static MediaRefusalReason? Delete(MediaItem item) => Reason(item, (set, id) => ItemRules.Delete(set, id, s_owner));
    }

    [Fact]
    public void MoveToTrash_TwiceAndBack_KeepsTheItem()
    {
        var item = NewMedia.Of("a", "one") with { Alias = new("x"), IsPublic = true, HasPublicObjects = true };

        var removed = ItemRules.MoveToTrash(Set(item), item.Id, s_owner).Changed.Single();
        Assert.Equal((Now, false), (removed.RemovedAt!.Value, removed.HasPublicObjects));
        Assert.Empty(ItemRules.MoveToTrash(Set(removed), item.Id, s_owner).Changed);

        var restored = ItemRules.Restore(Set(removed), item.Id, s_owner, alias: null).Changed.Single();
        Assert.Equal(((DateTimeOffset?)null, item.Alias), (restored.RemovedAt, restored.Alias));
        Assert.Null(ItemRules.Restore(Set(removed), item.Id, s_owner, new FieldValue<MediaAlias?>(null)).Changed.Single().Alias);
        Assert.Empty(ItemRules.Restore(Set(item), item.Id, s_owner, alias: null).Changed);
    }

    [Fact]
    public void AddTags_TotalAboveTwenty_IsRefused()
    {
        var item = NewMedia.Of("a", "one") with { Tags = [.. Enumerable.Range(0, 19).Select(i => $"t{i}")] };

        Assert.Equal(20, ItemRules.AddTags(Set(item), item.Id, s_owner, ["t0", "new"]).Changed.Single().Tags.Length);
        Assert.Equal(
            MediaRefusalReason.TooManyTags, Reason(item, (set, id) => ItemRules.AddTags(set, id, s_owner, ["new", "newer"])));
        Assert.Empty(ItemRules.AddTags(Set(item), item.Id, s_owner, ["t0"]).Changed);
    }

    [Fact]
    public void SetAccess_Change_NeedsThePublicObjectsAgain()
    {
        var item = NewMedia.Of("a", "one") with { IsPublic = true, HasPublicObjects = true };

        var closed = ItemRules.SetAccess(Set(item), item.Id, s_owner, isPublic: false).Changed.Single();
        Assert.Equal((false, false), (closed.IsPublic, closed.HasPublicObjects));
        Assert.Empty(ItemRules.SetAccess(Set(item), item.Id, s_owner, isPublic: true).Changed);
        Assert.Empty(ItemRules.RecordPublicObjects(Set(closed), item.Id).Changed);
        Assert.Equal(
            MediaRefusalReason.NotReady,
            Reason(item with { Status = MediaStatus.Uploaded }, (set, id) => ItemRules.SetAccess(set, id, s_owner, isPublic: false)));
        Assert.Equal(
            MediaRefusalReason.Immutable,
            Reason(item with { IsImmutable = true }, (set, id) => ItemRules.SetAccess(set, id, s_owner, isPublic: false)));
    }

    [Fact]
    public void Clone_IsAnItemOfItsOwn_in_every_list_where_the_origin_left_it_out_of_the_public_ones()
    {
        var item = NewMedia.Of("a", "one", "x", "y") with
        {
            Alias = new("x"),
            IsPublic = true,
            HasPublicObjects = true,
            IsImmutable = true,
            Tags = ["t"],
            Version = 9,
            UploadedAt = DateTimeOffset.UnixEpoch,
            ReadyAt = DateTimeOffset.UnixEpoch,
            References = [MediaId.New(TimeProvider.System)],
        };
        var id = MediaId.New(TimeProvider.System);

        var clone = ItemRules.Clone(Set(item), item.Id, s_owner, new(id, null, null, s_name)).Created.Single();

        Assert.Equal((id, item.Id, "new", true), (clone.Id, clone.Parent!.Value, clone.Name, clone.IsPublic));
        Assert.Equal((Now, Now, Now), (clone.CreatedAt, clone.UploadedAt!.Value, clone.ReadyAt!.Value));
        Assert.Equal(item.Parts, clone.Parts);
        Assert.Equal(item.Tags, clone.Tags);
        Assert.Null(clone.Alias);
        Assert.Empty(clone.References);
        Assert.False(clone.IsImmutable || clone.HasPublicObjects);
        Assert.Equal(
            MediaRefusalReason.OwnerForbidden,
            Reason(item, (set, original) => ItemRules.Clone(set, original, s_owner, new(id, new("b"), null, s_name))));
        Assert.Equal(
            new MediaOwner("b"),
            ItemRules.Clone(Set(item), item.Id, MediaSender.Application, new(id, new("b"), false, s_name)).Created.Single().Owner);
    }

    private static DateTimeOffset Now => DateTimeOffset.UnixEpoch.AddYears(60);

    private static MediaSet Set(params MediaItem[] items) => new(items.ToImmutableDictionary(item => item.Id), Now);

    private static MediaRefusalReason? Reason(MediaItem item, Func<MediaSet, MediaId, MediaDecision<MediaResult>> rule) =>
        rule(Set(item), item.Id).Outcome.Refusal?.Reason;
}
