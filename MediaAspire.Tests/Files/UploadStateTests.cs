using MediaAspire.Core.Files;

namespace MediaAspire.Tests.Files;

public sealed class UploadStateTests
{
    private readonly UploadState _state = new();

    [Fact]
    public void Commit_AfterChunksWereWritten_EndsTheUpload()
    {
        _state.BeginChunks();
        Assert.True(_state.IsRecorded);
        _state.EndWriting();
        _state.RequireWritten();
        _state.Commit();

        Assert.Equal(UploadStage.Committed, _state.Stage);
        Assert.Throws<InvalidOperationException>(_state.RequireWritten);
    }

    [Fact]
    public void Commit_OfAnEmptyFile_NeedsItsRows()
    {
        _state.EndWriting();

        Assert.False(_state.IsRecorded);
        Assert.Throws<InvalidOperationException>(_state.Commit);
        _state.RecordEmpty();
        Assert.True(_state.IsRecorded);
        _state.Commit();
    }

    [Fact]
    public void MarkUnknown_OfAShortFile_AllowsNoSecondCommit()
    {
        _state.BeginShort();
        _state.EndWriting();
        Assert.True(_state.IsShort);

        _state.MarkUnknown();

        Assert.Equal(UploadStage.Unknown, _state.Stage);
        Assert.Throws<InvalidOperationException>(_state.RequireWritten);
        Assert.Throws<InvalidOperationException>(_state.Commit);
    }

    [Fact]
    public void RequireWritten_BeforeTheEndOfWriting_Throws()
    {
        Assert.Throws<InvalidOperationException>(_state.RequireWritten);
        _state.BeginChunks();
        Assert.Throws<InvalidOperationException>(_state.RequireWritten);
        Assert.Throws<InvalidOperationException>(_state.RequireNew);
        Assert.Throws<InvalidOperationException>(_state.BeginShort);
        Assert.Throws<InvalidOperationException>(_state.MarkUnknown);
    }
}
