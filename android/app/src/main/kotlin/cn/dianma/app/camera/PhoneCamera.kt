// The phone's own camera through Camera2: continuous focus, torch, zoom, focus on a spot, frames without a
// copy, full-size photos, films with sound. Every way it can fail ends in a problem that is told, once.
package cn.dianma.app.camera

import android.annotation.SuppressLint
import android.content.Context
import android.hardware.camera2.CameraAccessException
import android.hardware.camera2.CameraCaptureSession
import android.hardware.camera2.CameraDevice
import android.hardware.camera2.CameraManager
import android.os.Handler
import android.os.Looper
import android.view.Surface
import android.view.SurfaceHolder
import android.view.SurfaceView
import android.view.View
import android.view.WindowManager
import java.io.File

class PhoneCamera(
    private val context: Context,
    private val use: CameraUse,
    private val counts: FrameCounts,
    private val makeHandler: () -> Handler,
) : Camera {
    private val home = Handler(Looper.getMainLooper())
    private var handler: Handler? = null
    private var watcher: CameraWatcher? = null
    private var device: CameraDevice? = null
    private var session: CameraCaptureSession? = null
    private var choice: CameraChoice? = null
    private var outputs: CameraOutputs? = null
    private var wishes: CameraWishes? = null
    private var shown: Surface? = null
    private var holder: SurfaceHolder? = null

    override fun preview(context: Context): View =
        SurfaceView(context).also { view -> view.holder.addCallback(Shown()) }

    override fun open(watcher: CameraWatcher) {
        close()
        this.watcher = watcher
        val manager = context.getSystemService(Context.CAMERA_SERVICE) as? CameraManager
        try {
            val best = manager?.let { CameraChoice.best(it) } ?: return fail(CameraProblem.ABSENT)
            val handler = makeHandler()
            this.handler = handler
            choice = best
            holder?.setFixedSize(best.previewSize.width, best.previewSize.height)
            wishes = CameraWishes(best)
            outputs = CameraOutputs(best, use, counts, handler, ::onFrame)
            askForDevice(manager, best.id, handler)
        } catch (error: CameraAccessException) {
            fail(problem(error.reason))
        } catch (_: SecurityException) {
            fail(CameraProblem.DENIED)
        } catch (_: IllegalArgumentException) {
            fail(CameraProblem.BROKEN)
        } catch (_: IllegalStateException) {
            fail(CameraProblem.BROKEN)
        }
    }

    // The screen has asked for the permission; without it the system throws, and that is told.
    @SuppressLint("MissingPermission")
    private fun askForDevice(
        manager: CameraManager,
        id: String,
        handler: Handler,
    ) = manager.openCamera(id, Opened(), handler)

    override fun close() {
        watcher = null
        session?.let { attempt { it.close() } }
        session = null
        device?.let { attempt { it.close() } }
        device = null
        outputs?.close()
        outputs = null
        handler = null
    }

    override fun useTorch(isOn: Boolean) = wish { it.isTorchOn = isOn }

    override fun zoomTo(factor: Float) = wish { it.zoom = factor }

    override fun focusAt(x: Float, y: Float) {
        val choice = choice ?: return
        if (!choice.canFocusAtSpot) return
        val spot = turnedBack(Spot(x, y), choice.rotation(displayDegrees()))
        wish { it.focus = spot }
        handler?.postDelayed({ wish { it.focus = null } }, FOCUS_KEPT_MS)
    }

    override fun takePicture(file: File, done: (Boolean) -> Unit) {
        val (device, session, outputs) = Triple(device, session, outputs)
        val (choice, wishes) = choice to wishes
        val answer = { isThere: Boolean -> home.post { done(isThere) } }
        if (device == null || session == null || outputs == null || choice == null || wishes == null) {
            answer(false)
            return
        }
        outputs.keepPhoto(file) { answer(it) }
        val isAsked = attempt {
            session.capture(wishes.photo(device, outputs.photo, choice.rotation(displayDegrees())), null, handler)
        }
        if (!isAsked) outputs.forgetPhoto()
    }

    override fun beginFilm(
        file: File,
        longestMs: Int,
        done: (Boolean) -> Unit,
    ) {
        val (outputs, choice) = outputs to choice
        if (outputs == null || choice == null || device == null) return done(false)
        val isReady = outputs.prepareFilm(context, file, longestMs, choice.rotation(displayDegrees())) { isThere ->
            home.post {
                startSession()
                done(isThere)
            }
        }
        if (!isReady) return done(false)
        startSession()
    }

    override fun endFilm() {
        outputs?.endFilm()
    }

    private fun onFrame(frame: Frame) {
        watcher?.onFrame(frame)
    }

    private fun wish(change: (CameraWishes) -> Unit) {
        val wishes = wishes ?: return
        change(wishes)
        repeatPreview()
    }

    // Both the camera and the view take their time; whichever is later begins.
    private fun startSession() {
        val (device, outputs) = device to outputs
        val seen = shown
        if (device == null || outputs == null || seen == null) return
        val isAsked = attempt {
            @Suppress("DEPRECATION")
            device.createCaptureSession(outputs.surfaces(seen), Configured(), handler)
        }
        if (!isAsked) fail(CameraProblem.BROKEN)
    }

    private fun repeatPreview() {
        val (device, session, outputs) = Triple(device, session, outputs)
        val (wishes, seen) = wishes to shown
        if (device == null || session == null || outputs == null || wishes == null || seen == null) return
        attempt {
            session.setRepeatingRequest(wishes.preview(device, outputs.repeating(seen)), null, handler)
        }
    }

    // A camera that was taken away throws on every call; that it is gone is told by its own callback.
    private fun attempt(work: () -> Unit): Boolean =
        try {
            work()
            true
        } catch (_: CameraAccessException) {
            false
        } catch (_: IllegalStateException) {
            false
        } catch (_: IllegalArgumentException) {
            false
        }

    private fun fail(problem: CameraProblem) {
        val told = watcher
        close()
        home.post { told?.onProblem(problem) }
    }

    private fun problem(reason: Int) =
        when (reason) {
            CameraAccessException.CAMERA_IN_USE, CameraAccessException.MAX_CAMERAS_IN_USE -> CameraProblem.TAKEN
            CameraAccessException.CAMERA_DISCONNECTED -> CameraProblem.TAKEN
            CameraAccessException.CAMERA_DISABLED -> CameraProblem.DENIED
            else -> CameraProblem.BROKEN
        }

    @Suppress("DEPRECATION")
    private fun displayDegrees(): Int {
        val windows = context.getSystemService(Context.WINDOW_SERVICE) as WindowManager
        return windows.defaultDisplay.rotation * QUARTER
    }

    // From the display's shares to the sensor's.
    private fun turnedBack(spot: Spot, degrees: Int) =
        when (degrees) {
            QUARTER -> Spot(spot.y, 1 - spot.x)
            QUARTER * 2 -> Spot(1 - spot.x, 1 - spot.y)
            QUARTER * 3 -> Spot(1 - spot.y, spot.x)
            else -> spot
        }

    private inner class Opened : CameraDevice.StateCallback() {
        override fun onOpened(opened: CameraDevice) {
            home.post {
                if (watcher == null) return@post opened.close()
                device = opened
                startSession()
            }
        }

        override fun onDisconnected(lost: CameraDevice) = gone(lost, CameraProblem.TAKEN)

        override fun onError(lost: CameraDevice, error: Int) =
            gone(
                lost,
                when (error) {
                    ERROR_CAMERA_IN_USE, ERROR_MAX_CAMERAS_IN_USE -> CameraProblem.TAKEN
                    ERROR_CAMERA_DISABLED -> CameraProblem.DENIED
                    else -> CameraProblem.BROKEN
                },
            )

        private fun gone(lost: CameraDevice, problem: CameraProblem) {
            home.post {
                attempt { lost.close() }
                if (device == null || device === lost) fail(problem)
            }
        }
    }

    private inner class Configured : CameraCaptureSession.StateCallback() {
        override fun onConfigured(ready: CameraCaptureSession) {
            home.post {
                if (device == null) return@post
                session = ready
                outputs?.rotation = choice?.rotation(displayDegrees()) ?: 0
                repeatPreview()
                outputs?.startFilm()
                choice?.let { watcher?.onOpened(it.abilities(displayDegrees())) }
            }
        }

        override fun onConfigureFailed(failed: CameraCaptureSession) {
            home.post { fail(CameraProblem.BROKEN) }
        }
    }

    private inner class Shown : SurfaceHolder.Callback {
        override fun surfaceCreated(made: SurfaceHolder) {
            holder = made
            choice?.previewSize?.let { made.setFixedSize(it.width, it.height) }
            shown = made.surface
            startSession()
        }

        override fun surfaceChanged(
            made: SurfaceHolder,
            format: Int,
            width: Int,
            height: Int,
        ) = Unit

        override fun surfaceDestroyed(made: SurfaceHolder) {
            shown = null
        }
    }

    private companion object {
        const val FOCUS_KEPT_MS = 4_000L
        const val QUARTER = 90
    }
}
