using System.Runtime.InteropServices;
using CraftKit.Edge.Platform;
using Microsoft.Win32.SafeHandles;

namespace CraftKit.Edge.Journal;

/// <summary>Starts an epoch: in the file that is there when it has the right size and can be written safely, else in a new one that
/// takes its place by a rename, so that a crash leaves one or the other and never half a journal.</summary>
internal sealed class JournalStart(JournalOptions options, JournalRecovery recovery, JournalMark stored)
{
    private const string Advice = "lower journal.capacityBytes";

    private readonly JournalGeometry _geometry = JournalGeometry.For(options.CapacityBytes, options.MaxPayloadBytes);

    /// <inheritdoc cref="JournalFile.StartEpoch"/>
    public JournalFile Open()
    {
        if (stored.Position < recovery.EndPosition || stored.Lineage != recovery.Lineage)
        {
            throw new InvalidOperationException(
                $"{options.Name}: the store's mark {stored} does not cover the recovery's end {recovery.MarkAt(recovery.EndPosition)}");
        }

        recovery.SetAside();
        if (OpenKept() is { } kept)
            return Start(kept, StartInPlace);
        if (recovery.Report.SetAsideFailure is { } failure)
        {
            throw new EdgeException(
                $"{options.Name}: {recovery.Report.DamagedBytes:N0} damaged bytes could not be set aside ({failure}); free space and start again");
        }

        // The old file must not be open where the new one takes its name, or Windows refuses.
        recovery.Dispose();
        var head = NewHead();
        return Start(Create(head), map => new JournalFile(options, map, head, new HashSet<int>()));
    }

    private JournalFile Start(SafeFileHandle file, Func<MappedFile, JournalFile> start)
    {
        var map = new MappedFile(file, options.Name);
        try
        {
            return start(map);
        }
        catch
        {
            map.Dispose();
            throw;
        }
    }

    /// <summary>The existing file, opened for writing; null when it is to be replaced.</summary>
    private SafeFileHandle? OpenKept()
    {
        if (recovery.Report.FileBytes != _geometry.FileBytes || recovery.Report.Refusal is not null || recovery.Geometry != _geometry)
            return null;
        SafeFileHandle file;
        try
        {
            file = File.OpenHandle(options.Path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new EdgeException($"{options.Name}: cannot be opened for writing ({failure.Message}); check its permissions", inner: failure);
        }

        if (PreallocatedFile.Unfitness(file, options.Path) is null)
            return file;
        file.Dispose();
        return null;
    }

    /// <summary>The head first, over the older copy; only then are the segments zeroed. In between what is left of old records lies
    /// below the mark that the store has kept.</summary>
    private unsafe JournalFile StartInPlace(MappedFile map)
    {
        var head = NewHead();
        var copy = recovery.HeadCopy == 0 ? 1 : 0;
        *(JournalHead*)(map.Start + (copy * JournalHead.CopyDistance)) = head;
        map.Sync(0, JournalGeometry.HeadBytes);
        var memory = new SegmentMemory(map, head);
        foreach (var segment in recovery.NonEmptySegments)
        {
            if (!recovery.Quarantined.Contains(segment))
                memory.Clear(segment, head.SegmentBytes);
        }

        return new JournalFile(options, map, head, recovery.Quarantined);
    }

    private SafeFileHandle Create(JournalHead head)
    {
        var temporary = options.Path + ".new";
        File.Delete(temporary);
        var file = PreallocatedFile.Create(temporary, _geometry.FileBytes, options.Name, Advice);
        try
        {
            RandomAccess.Write(file, MemoryMarshal.AsBytes(new ReadOnlySpan<JournalHead>(in head)), 0);
            RandomAccess.FlushToDisk(file);
            File.Move(temporary, options.Path, overwrite: true);
            PreallocatedFile.SyncFolderOf(options.Path);
            return file;
        }
        catch (Exception failure)
        {
            file.Dispose();
            File.Delete(temporary);
            if (failure is IOException or UnauthorizedAccessException)
                throw new EdgeException($"{options.Name}: cannot be created ({failure.Message}); check the disk and the folder", inner: failure);
            throw;
        }
    }

    private JournalHead NewHead()
    {
        var shift = _geometry.Shift;
        var head = new JournalHead
        {
            Magic = JournalHead.MagicValue,
            Version = JournalHead.CurrentVersion,
            SegmentBytes = _geometry.SegmentBytes,
            SegmentCount = _geometry.SegmentCount,
            Lineage = recovery.Lineage,
            Epoch = JournalRecovery.NewIdentity(),
            PreviousEpoch = recovery.Head.Epoch,
            Generation = recovery.Head.Generation + 1,
            BasePosition = ((stored.Position >> shift) + 1) << shift,
            BootId = options.BootId,
        };
        head.Checksum = head.ComputeChecksum();
        return head;
    }
}
